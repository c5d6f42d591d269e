namespace BlockList.Server.Mail;

/// <summary>What somebody is to be told.</summary>
/// <param name="Reference">Of the complaint; null for alarms and for what providers are told.</param>
/// <param name="To">Whom.</param>
/// <param name="Language">One of <see cref="MailTexts.Languages"/>.</param>
/// <param name="Template">One of <see cref="MailTemplates"/>.</param>
/// <param name="Values">What the template takes: <c>path</c> below [Mail] Site, <c>until</c> as yyyy-MM-dd, <c>kind</c> of an alarm. The database refuses any other.</param>
/// <param name="MessageId">Says what the mail is, where it must not be written twice: <c>overdue.BL-0123456789.triage</c>. Null: each is another.</param>
internal sealed record Letter(string? Reference, Recipient To, string Language, string Template, IReadOnlyDictionary<string, string> Values, string? MessageId = null);
