using System.Text;

namespace BlockList.Server.Tests.Database;

/// <summary>A row of <c>curation.decision</c> as its login may insert it, sound but for what a test changes.</summary>
internal sealed record DecisionRow
{
    private static long _sequence = 1;

    public required string Kind { get; init; }

    public required Signer By { get; init; }

    public required Guid Episode { get; init; }

    public required string Name { get; init; }

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public string List { get; init; } = DecisionTable.List;

    public string Scope { get; init; } = "domain";

    public long Sequence { get; init; } = Interlocked.Increment(ref _sequence);

    public string? Previous { get; init; } = new('0', 64);

    public Guid? Supersedes { get; init; }

    public bool? Met { get; init; }

    public DateTimeOffset? SightedAt { get; init; }

    public byte[] Statement { get; init; } = Encoding.UTF8.GetBytes("{}");

    public int? Leaf { get; init; }

    public string? Case { get; init; }

    public string? Outcome { get; init; }

    public static DecisionRow Proposal(Signer by, string name)
    {
        var id = Guid.CreateVersion7();
        return new DecisionRow { Kind = "proposal", By = by, Id = id, Episode = id, Name = name, Met = true, SightedAt = TimeProvider.System.GetUtcNow().AddDays(-1) };
    }

    public DecisionRow Assessment(Signer by, DecisionRow? supersedes = null) =>
        new() { Kind = "assessment", By = by, Episode = Episode, Name = Name, Met = true, Supersedes = supersedes?.Id };

    public DecisionRow Withdrawal(DecisionRow supersedes) =>
        new() { Kind = "withdrawal", By = supersedes.By, Episode = Episode, Name = Name, Supersedes = supersedes.Id };

    public DecisionRow Sighting(Signer by, DateTimeOffset at) =>
        new() { Kind = "sighting", By = by, Episode = Episode, Name = Name, SightedAt = at };

    /// <summary>A decision about a complaint on this entry.</summary>
    public DecisionRow OfComplaint(string kind, Signer by, string reference = "BL-7KQ4M2XW", string? outcome = null, DecisionRow? appeals = null) =>
        new() { Kind = kind, By = by, Episode = Episode, Name = Name, List = List, Scope = Scope, Case = reference, Outcome = outcome, Supersedes = appeals?.Id };

    public DecisionRow Removal(Signer by) => new() { Kind = "removal", By = by, Episode = Episode, Name = Name };
}
