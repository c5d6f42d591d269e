namespace BlockList.Server.Complaints.Public.Pages;

/// <summary>One question.</summary>
/// <param name="Draft">What was answered so far.</param>
/// <param name="Sealed">The same for the form.</param>
/// <param name="Step">Which question.</param>
/// <param name="Problem">Key of what is wrong with the answer, or null.</param>
internal sealed record QuestionModel(Draft Draft, string Sealed, Step Step, string? Problem);
