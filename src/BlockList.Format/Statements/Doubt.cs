namespace BlockList.Format.Statements;

/// <summary>
/// An agency found a criterion not met. Before first publication this is a dispute and keeps the entry out; after it,
/// a re-review with a clock, when the entry is suspended. A further agency's assessment ends it, or the dissenter.
/// </summary>
/// <param name="Dissenter">The agency that said so.</param>
/// <param name="Voters">The agencies that had voted by then; none of them is a further agency.</param>
/// <param name="SuspendedFrom">From when on the entry is out: <see cref="DateTimeOffset.MinValue"/> where it never was in.</param>
public sealed record Doubt(string Dissenter, IReadOnlySet<string> Voters, DateTimeOffset SuspendedFrom)
{
    /// <summary>How long agencies have to review a published entry again before it is suspended: 24 hours.</summary>
    public static readonly TimeSpan ReviewClock = TimeSpan.FromHours(24);

    /// <summary>Whether the entry was published when the doubt arose.</summary>
    public bool IsReReview => SuspendedFrom != DateTimeOffset.MinValue;
}
