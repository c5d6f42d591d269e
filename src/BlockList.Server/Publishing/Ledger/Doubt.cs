namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// An agency found a criterion not met. Before first publication this is a dispute and keeps the entry out; after it,
/// a re-review with a clock, when the entry is suspended. A further agency's assessment ends it, or the dissenter.
/// </summary>
/// <param name="Dissenter">The agency that said so.</param>
/// <param name="Voters">The agencies that had voted by then; none of them is a further agency.</param>
/// <param name="SuspendedFrom">From when on the entry is out.</param>
internal sealed record Doubt(string Dissenter, IReadOnlySet<string> Voters, DateTimeOffset SuspendedFrom)
{
    public static readonly TimeSpan ReviewClock = TimeSpan.FromHours(24);
}
