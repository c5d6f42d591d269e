namespace BlockList.Server.DnsChecks;

/// <summary>What one server said, as it is kept and shown.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Address">Null where it has none that may be asked.</param>
/// <param name="Has">It has the text.</param>
/// <param name="Answers">It speaks for the zone. One that does and has no text is not up to date yet; one that does not is broken.</param>
/// <param name="Said">For people.</param>
internal sealed record ServerFinding(string Server, string? Address, bool Has, bool Answers, string Said);
