namespace BlockList.Server.Mail;

/// <summary>A mail that is this worker's to send for ten minutes.</summary>
/// <param name="Id">Of its row.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="MessageId">What stands before the @.</param>
/// <param name="Reference">Of the complaint; null for alarms.</param>
/// <param name="Recipient">As the database holds it, which checked it.</param>
/// <param name="Language">One of <see cref="MailTexts.Languages"/>.</param>
/// <param name="Template">One of <see cref="MailTemplates"/>.</param>
/// <param name="Values">What the template takes.</param>
/// <param name="WrittenAt">When what it tells of happened.</param>
internal sealed record ClaimedMail(long Id, int Attempt, string MessageId, string? Reference, string Recipient, string Language, string Template, IReadOnlyDictionary<string, string> Values, DateTimeOffset WrittenAt);
