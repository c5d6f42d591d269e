namespace BlockList.Agent.Configuration;

/// <summary>One <c>key=value</c> with its line.</summary>
internal sealed record IniEntry(string Key, string Value, int Line);
