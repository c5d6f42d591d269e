namespace BlockList.Server.Mail;

/// <summary>The place at which a development build can be told to die: the relay has the mail, and nobody wrote it down.</summary>
internal static class MailFaults
{
    public const string Sent = "mail/sent";
}
