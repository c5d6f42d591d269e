namespace BlockList.Server.Complaints.Public.Pages;

/// <summary>The link of a mail: opened (null), pressed and <c>done</c>, <c>gone</c>, or too <c>often</c>. Opening alone does nothing, since
/// programs that look into mails open links too.</summary>
internal sealed record ConfirmModel(string Reference, string Token, string? Outcome);
