namespace BlockList.Server.Complaints.Public.Pages;

/// <summary>A complaint as it stands.</summary>
/// <param name="Complaint">What anybody with reference and secret sees.</param>
/// <param name="Entries">What control of the domain opens; empty before proof.</param>
/// <param name="Progress">What became of it so far.</param>
/// <param name="Said">Key of what is said of the button that was pressed, or null.</param>
internal sealed record StatusModel(ComplaintView Complaint, IReadOnlyList<DisclosedEntry> Entries, CaseProgress Progress, string? Said);
