namespace BlockList.Server.Access;

/// <param name="Zone">As typed.</param>
internal sealed record ZoneSampleModel(string Zone);
