namespace BlockList.Server.Complaints.Public.Pages;

/// <summary>A complaint was taken.</summary>
/// <param name="Reference">Of the complaint.</param>
/// <param name="Secret">Shown here alone.</param>
/// <param name="ConfirmAt">Where a link was sent that must be opened; null where nothing is to be confirmed.</param>
/// <param name="LookedAtBy">By then somebody has looked at it.</param>
/// <param name="Sealed">The draft, for the same page in another language.</param>
/// <param name="Work">The work that was done for it.</param>
internal sealed record ReceiptModel(string Reference, string Secret, string? ConfirmAt, DateTimeOffset LookedAtBy, string Sealed, string Work);
