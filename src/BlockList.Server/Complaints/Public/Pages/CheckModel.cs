namespace BlockList.Server.Complaints.Public.Pages;

/// <summary>All answers before they are sent.</summary>
/// <param name="Draft">Complete.</param>
/// <param name="Sealed">The same for the form.</param>
/// <param name="Challenge">The work that a browser with script does.</param>
/// <param name="Problem">Key of why it was not sent, or null.</param>
internal sealed record CheckModel(Draft Draft, string Sealed, string Challenge, string? Problem);
