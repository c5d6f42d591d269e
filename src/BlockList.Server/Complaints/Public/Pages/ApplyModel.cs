using BlockList.Server.Providers.Applications;

namespace BlockList.Server.Complaints.Public.Pages;

/// <param name="Typed">What stands in the form.</param>
/// <param name="Problem">Key of what is wrong, or null.</param>
/// <param name="Field">Where it is mended.</param>
internal sealed record ApplyModel(TypedApplication Typed, string? Problem, string Field);
