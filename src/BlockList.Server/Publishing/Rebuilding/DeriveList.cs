using System.Text.Json;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing.Rebuilding;

/// <summary>Computes the list of a past version from what it was computed from then: the ledger to its position, the register of that
/// time, the instant, the suffix data, and what waited.</summary>
internal sealed class DeriveList(NpgsqlDataSource database, RecordedRegisters registers, OpenGuard openGuard, PublicSuffixes suffixes, IOptions<PublishingOptions> options)
{
    private readonly Dictionary<int, LedgerState> replayed = [];

    /// <summary>Versions of rising position are derived with one replay for each register.</summary>
    /// <exception cref="RebuildException">The suffix data is another.</exception>
    /// <exception cref="LedgerBrokenException">The ledger to there does not hold.</exception>
    public async Task<ListFile> RunAsync(PublishedVersion version, CancellationToken cancellationToken)
    {
        if (version.SuffixesSha256 != suffixes.Sha256)
            throw new RebuildException($"Version {version.Serial} of {version.List} was computed with the suffix data {version.SuffixesSha256}; this program has {suffixes.Sha256}, of {suffixes.Date:yyyy-MM-dd}. Install the release of BlockList that was in force on {version.PublishedAt:yyyy-MM-dd} and rebuild with that.");
        var register = await registers.ReadAsync(version.RegisterVersion, cancellationToken);
        var list = register.Lists.GetValueOrDefault(version.List) ?? throw new RebuildException($"Register {register.Version} has no list {version.List}, although version {version.Serial} names it. publishing.version was changed: restore it from a backup.");
        var state = await ReplayAsync(version, register, cancellationToken);
        using var parameters = JsonDocument.Parse(version.Parameters);
        if (parameters.RootElement.TryGetProperty("never_block_revision", out var revision) && revision.GetInt64() != state.NeverBlock.Revision)
            throw new RebuildException($"The ledger to row {version.LedgerPosition} has revision {state.NeverBlock.Revision} of the never-block register, and version {version.Serial} was computed with {revision.GetInt64()}. publishing.version was changed: restore it from a backup.");
        var guard = await openGuard.RunAsync(state, OwnHostsOf(parameters.RootElement) ?? openGuard.OwnHosts(register), cancellationToken);
        var decided = AssembleList.Run(state, register, list, guard, version.EvaluatedAt, Serial.Create(version.Serial)).List;
        return FormOf(version, decided);
    }

    /// <summary>What a version that was made while the ledger did not hold took off the one before: by removals, each verified again.</summary>
    /// <exception cref="RebuildException">One of them is not there any more.</exception>
    public async Task<ListFile> RemovedAsync(PublishedVersion version, Guid[] removedBy, CancellationToken cancellationToken)
    {
        var register = await registers.ReadAsync(version.RegisterVersion, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var removals = (await ReceivedRemovals.ReadAsync(connection, removedBy, register, cancellationToken))
            .Where(d => d.List == version.List && BrokenLedger.TakesOff(d, register)).ToArray();
        return removals.Length == removedBy.Length ? ListFile.Of(removals.Select(removal => removal.Name))
            : throw new RebuildException($"Version {version.Serial} of {version.List} was made while the ledger did not hold, by {removedBy.Length} removals of release officers or decisions about complaints; of these {removals.Length} stand in curation.decision with a signature that holds. Restore curation.decision and curation.assertion from a backup, or publishing.version if it was changed.");
    }

    /// <summary>
    /// What of the list as decided stood in the version, by its form: all of it; or, where gates held something or only removals
    /// went out, all of it but what waited.
    /// </summary>
    private static ListFile FormOf(PublishedVersion version, ListFile decided)
    {
        if (version.Waiting is null) return decided;
        var waiting = Delta.Parse(version.Waiting);
        return decided.Except(ListFile.OfLines(waiting.Added)).Union(ListFile.OfLines(waiting.Removed));
    }

    /// <summary>As they were then: what the operator's file names today is of no account.</summary>
    private static IReadOnlyList<DomainName>? OwnHostsOf(JsonElement parameters) => parameters.TryGetProperty("own_hosts", out var hosts)
        ? [.. hosts.EnumerateArray().Select(host => DomainName.TryParseCanonical(host.GetString(), out var name) ? name : throw new RebuildException("the parameters of the version name a host that is none. publishing.version was changed: restore it from a backup."))]
        : null;

    private async Task<LedgerState> ReplayAsync(PublishedVersion version, AgencyRegister register, CancellationToken cancellationToken)
    {
        if (!replayed.TryGetValue(register.Version, out var state) || state.Position > version.LedgerPosition)
            replayed[register.Version] = state = new LedgerState(LedgerKey.Load(options.Value.LedgerKeyFile));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await state.CatchUpAsync(connection, register, cancellationToken, version.LedgerPosition);
        return state.Position == version.LedgerPosition ? state : throw new LedgerBrokenException(state.Position + 1, "rows are missing at its end");
    }
}
