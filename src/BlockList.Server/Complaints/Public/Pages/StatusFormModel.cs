namespace BlockList.Server.Complaints.Public.Pages;

/// <summary>Reference and secret as they were typed, and the key of what is wrong with them.</summary>
internal sealed record StatusFormModel(string Reference, string Secret, string? Problem);
