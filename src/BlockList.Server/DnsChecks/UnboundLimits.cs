namespace BlockList.Server.DnsChecks;

/// <param name="Patience">The longest that a question takes, whatever the servers do.</param>
/// <param name="AtOnce">Questions under way; more wait.</param>
/// <param name="LargestAnswer">Octets of a message.</param>
internal sealed record UnboundLimits(TimeSpan Patience, int AtOnce, int LargestAnswer);
