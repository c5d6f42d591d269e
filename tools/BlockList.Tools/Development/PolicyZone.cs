namespace BlockList.Tools.Development;

/// <summary>A response policy zone (RPZ) of a resolver: its name, and the file that it is loaded from.</summary>
internal sealed record PolicyZone(string Name, string ZoneFile);
