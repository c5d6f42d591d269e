using System.Text.Json.Nodes;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Gates;

namespace BlockList.Server.Publishing;

/// <summary>One published version and all that it was computed from: the same inputs give the same bytes.</summary>
internal sealed class PublishedVersion
{
    public required string List { get; init; }

    public required int Serial { get; init; }

    public required long LedgerPosition { get; init; }

    /// <summary>The instant the list was computed for.</summary>
    public required DateTimeOffset EvaluatedAt { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    public required int RegisterVersion { get; init; }

    public required string SuffixesSha256 { get; init; }

    /// <summary>The list's parameters as JSON.</summary>
    public required string Parameters { get; init; }

    public required string ListSha256 { get; init; }

    public required string? PreviousSha256 { get; init; }

    public required int Count { get; init; }

    public required int Added { get; init; }

    public required int Removed { get; init; }

    public required string Salt { get; init; }

    /// <summary>It only removed, and was published at once.</summary>
    public required bool Urgent { get; init; }

    /// <summary>Of an urgent version, how many it removes that nobody confirmed; null for versions of before this was written down.</summary>
    public required int? Freed { get; init; }

    /// <summary>What was decided and is not in it, as the bytes of a delta from it; null where nothing waited.</summary>
    public required byte[]? Waiting { get; init; }

    /// <summary>The removals, one for each entry, that were taken off the version before while the ledger did not hold; null where the list
    /// follows from the ledger.</summary>
    public Guid[]? RemovedBy { get; init; }

    /// <summary>The row of a version that was made just now.</summary>
    public static PublishedVersion Of(RegisteredList list, AgencyRegister register, VersionFiles files, GatedList gated, AssembledList assembled, ListFile before, (long Position, long NeverBlock) at, DateTimeOffset now,
        string suffixesSha256, IEnumerable<DomainName> ownHosts) => new()
    {
        List = list.Id,
        Serial = files.Facts.Version.Value,
        LedgerPosition = at.Position,
        EvaluatedAt = now,
        PublishedAt = files.Facts.PublishedAt,
        RegisterVersion = register.Version,
        SuffixesSha256 = suffixesSha256,
        Parameters = new JsonObject
        {
            ["agencies_needed"] = list.AgenciesNeeded,
            ["countries_needed"] = list.CountriesNeeded,
            ["lease_months"] = list.LeaseMonths,
            ["country"] = list.Country,
            ["test_domain"] = list.TestDomain?.Ascii,
            ["never_block_revision"] = at.NeverBlock,
            ["own_hosts"] = new JsonArray([.. ownHosts.Select(host => (JsonNode)host.Ascii)]),
        }.ToJsonString(),
        ListSha256 = files.Targets[CurrentState.ListPath].Sha256,
        PreviousSha256 = files.Facts.PreviousSha256,
        Count = files.Facts.Count,
        Added = files.Facts.Added,
        Removed = files.Facts.Removed,
        Salt = files.Facts.Salt,
        Urgent = files.Facts.Urgent,
        Freed = gated.FreedFrom(before),
        Waiting = gated.IsWhole ? null : Delta.Between(files.Facts.Version, gated.Step.List, files.Facts.Version.Next(), assembled.List).ToBytes(),
    };
}
