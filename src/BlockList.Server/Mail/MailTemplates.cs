namespace BlockList.Server.Mail;

/// <summary>The mails that there are. Their texts stand in <c>Texts/</c>, what each takes in <c>mail.values_fit</c>.</summary>
internal static class MailTemplates
{
    /// <summary>A complaint arrived: <c>path</c> of the status page, perhaps <c>until</c>.</summary>
    public const string Receipt = "receipt";

    /// <summary>An address is to be confirmed: <c>path</c> with the token in it.</summary>
    public const string Confirm = "confirm";

    /// <summary>There is news on the status page: <c>path</c>.</summary>
    public const string StatusChanged = "status-changed";

    /// <summary>The officer asks something on the status page: <c>path</c>, perhaps <c>until</c>.</summary>
    public const string Question = "question";

    /// <summary>It is decided: <c>path</c>.</summary>
    public const string Decided = "decided";

    /// <summary>An appeal arrived: <c>path</c>, perhaps <c>until</c>.</summary>
    public const string AppealReceived = "appeal-received";

    /// <summary>To officers and oversight: a clock was missed. Takes nothing.</summary>
    public const string Overdue = "overdue";

    /// <summary>To a provider: a code brought a certificate. <c>until</c>; without a reference, as all that follow.</summary>
    public const string CertificateMade = "certificate-made";

    /// <summary>To a provider: its agent has the next certificate. <c>until</c>.</summary>
    public const string CertificateRenewed = "certificate-renewed";

    /// <summary>To a provider: the last certificate ends soon. <c>until</c>.</summary>
    public const string CertificateEnds = "certificate-ends";

    /// <summary>To whoever applied as a provider. Takes nothing; without a reference, as the two that follow.</summary>
    public const string ApplicationReceived = "application-received";

    /// <summary>It was approved: the operator calls and says the code.</summary>
    public const string ApplicationApproved = "application-approved";

    /// <summary>It was not.</summary>
    public const string ApplicationRefused = "application-refused";

    /// <summary>To operators: <c>kind</c>.</summary>
    public const string Alarm = "alarm";

    public static readonly string[] All = [Receipt, Confirm, StatusChanged, Question, Decided, AppealReceived, Overdue, CertificateMade, CertificateRenewed, CertificateEnds, ApplicationReceived, ApplicationApproved, ApplicationRefused, Alarm];
}
