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

    /// <summary>To operators: <c>kind</c>. The only one without a reference.</summary>
    public const string Alarm = "alarm";

    public static readonly string[] All = [Receipt, Confirm, StatusChanged, Question, Decided, AppealReceived, Overdue, Alarm];
}
