using System.Security.Cryptography;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Verifying;

/// <summary>
/// What the ledger's rows add up to, as far as this process verified them. It stays in memory from candidate to candidate, so that
/// only new rows are verified, and a row that was changed behind its back changes nothing in it. Used by one at a time.
/// </summary>
internal sealed class VerifiedLedger(NpgsqlDataSource database, VerifierRegisters registers, VerifyingRecord record, SignedLists lists, IOptions<VerifyingOptions> options, TimeProvider clock)
{
    /// <summary>Rows in memory at once.</summary>
    private const int AtOnce = 20_000;

    private Replayed? replayed;

    /// <summary>The newest resumption that it began after; empty where there was none yet.</summary>
    private Guid? resumed;

    /// <summary>The hash over all rows to the state's position.</summary>
    public byte[] RowsSha256 => replayed!.RowsSha256;

    /// <summary>The state at a position, under a register; all rows to it hold.</summary>
    /// <exception cref="ObjectionException">A row does not, or the history is another than the one that was verified.</exception>
    public async Task<LedgerState> ReadAsync(long position, AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = replayed ??= new Replayed(register);
        if (now.State.Position > position)
            throw new ObjectionException($"it rests on ledger row {position}, and rows to {now.State.Position} were verified already.", isOvertaken: true);
        var mark = await record.NewestMarkAsync(connection, cancellationToken);
        await RequireSameHistoryAsync(connection, now, mark?.Position, cancellationToken);
        while (replayed.State.Position < position)
        {
            var rows = await ReadRowsAsync(connection, replayed.State.Position, Math.Min(position, replayed.State.Position + AtOnce), cancellationToken);
            if (rows.Count == 0) throw new ObjectionException($"the ledger ends at row {replayed.State.Position}, and the version is said to rest on row {position}.");
            var verify = await VerifyRows.PrepareAsync(connection, [.. rows.Where(row => !IsBelieved(row.Position, mark))], cancellationToken);
            foreach (var row in rows) await TakeAsync(connection, row, verify, mark, cancellationToken);
        }
        if (mark is { } known && known.Position > position) throw new ObjectionException($"rows to {known.Position} of the ledger were verified before, and the version rests on row {position}.", isOvertaken: true);
        if (register.Version < replayed.NewestRegister) throw new ObjectionException($"it goes by register {register.Version}, and decisions were taken under register {replayed.NewestRegister} before.");
        await UnderAsync(connection, register, cancellationToken);
        return replayed.State;
    }

    /// <summary>The state at the ledger's end, whatever a candidate says to rest on.</summary>
    public async Task<LedgerState> ReadNewestAsync(AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select coalesce(max(position), 0) from publishing.ledger");
        return await ReadAsync((long)(await command.ExecuteScalarAsync(cancellationToken))!, register, cancellationToken);
    }

    /// <summary>After a restore the rows in memory are of another time; the mark that was restored says what was verified by then.</summary>
    public void BeginAnewAfter(Guid newest)
    {
        if (resumed is not null && resumed != newest) replayed = null;
        resumed = newest;
    }

    /// <summary>Verifies what is there when the process starts, so that the first candidate need not wait for it.</summary>
    public async Task<long> CatchUpAsync(CancellationToken cancellationToken)
    {
        long? end;
        await using (var command = database.CreateCommand("select max(position) from publishing.ledger"))
            end = await command.ExecuteScalarAsync(cancellationToken) as long?;
        if (end is { } position) await ReadAsync(position, await registers.OwnAsync(cancellationToken), cancellationToken);
        return end ?? 0;
    }

    private bool IsBelieved(long position, (long Position, byte[])? mark) => position <= options.Value.BelievedUpTo || position <= mark?.Position;

    private async Task TakeAsync(NpgsqlConnection connection, LedgerRow row, VerifyRows verify, (long Position, byte[] RowsSha256)? mark, CancellationToken cancellationToken)
    {
        var isBelieved = IsBelieved(row.Position, mark);
        // Rows are judged by the register that they were taken under, which only ever counts up.
        if (!isBelieved && row.RegisterVersion is { } version && version != replayed!.Register.Version)
        {
            if (version < replayed.NewestRegister) throw Broken(row, $"it was taken under register {version}, after rows under register {replayed.NewestRegister}");
            await UnderAsync(connection, await registers.OfAsync(version, cancellationToken), cancellationToken);
        }
        var now = replayed!;
        if (!isBelieved && await FindObjectionAsync(connection, row, verify, now, cancellationToken) is { } objection) throw Broken(row, objection);
        Apply(now, row);
        if (row.Position == mark?.Position && !now.RowsSha256.AsSpan().SequenceEqual(mark.Value.RowsSha256))
        {
            replayed = null;
            throw new ObjectionException($"the ledger up to row {row.Position} is not the one that was verified before: its history was written anew.");
        }
    }

    private async Task<string?> FindObjectionAsync(NpgsqlConnection connection, LedgerRow row, VerifyRows verify, Replayed now, CancellationToken cancellationToken)
    {
        // This heals by waiting, whoever's clock it was. That times go up from row to row is not asked: one wrong clock for one
        // row would otherwise end all publishing.
        if (row.ReceivedAt > clock.GetUtcNow().AddMinutes(options.Value.ClockMinutes)) return "it was received in the future";
        return row.Kind == LedgerRow.OfFirstPublication
            ? await FindObjectionToPublicationAsync(connection, row, now, cancellationToken)
            : verify.FindObjection(row, now.State, now.Register);
    }

    /// <summary>An episode that counts as published is held to other rules: it must have stood in a version that was signed here.</summary>
    private async Task<string?> FindObjectionToPublicationAsync(NpgsqlConnection connection, LedgerRow row, Replayed now, CancellationToken cancellationToken)
    {
        if (row.Outcome != LedgerRow.Accepted) return "a first publication is never refused";
        var serials = await record.SerialsAsync(connection, row.List!, cancellationToken);
        if (!serials.TryGetValue(row.Serial!.Value, out var signed))
        {
            // From the time before the verifier: there is nothing to hold it to.
            return serials.Count == 0 || (row.Serial < serials.First().Key && row.Position <= serials.First().Value.LedgerPosition) ? null : $"version {row.Serial} of {row.List} was never signed here";
        }
        var list = await lists.ReadAsync(connection, row.List!, signed.ListSha256, cancellationToken);
        foreach (var id in row.PublishedEpisodes())
        {
            if (now.State.Find(id) is not { } episode || episode.List != row.List) return "there is no such episode";
            if (!list.Contains(episode.Name.ToString())) return $"its entry does not stand in version {row.Serial} of {row.List}";
        }
        return null;
    }

    /// <summary>A rewritten ledger, with whatever chain, has another code at the place where this process stands.</summary>
    private static async Task RequireSameHistoryAsync(NpgsqlConnection connection, Replayed now, long? mark, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select (select chain_sha256 from publishing.ledger where position = $1), $2::bigint is null or exists (select from publishing.ledger where position = $2)", connection);
        command.Parameters.AddWithValue(now.State.Position);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, (object?)mark ?? DBNull.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(1)) throw new ObjectionException($"rows of the ledger are missing at its end: those to {mark} were verified before.");
        if (now.State.Position > 0 && (reader.IsDBNull(0) || !reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(now.State.ChainSha256)))
            throw new ObjectionException($"row {now.State.Position} of the ledger is not the one that was verified before: its history was written anew.");
    }

    /// <summary>Under another register the same rows add up to something else: they are replayed, not verified again.</summary>
    private async Task UnderAsync(NpgsqlConnection connection, AgencyRegister register, CancellationToken cancellationToken)
    {
        var before = replayed!;
        if (before.Register.Version == register.Version) return;
        var again = new Replayed(register);
        while (again.State.Position < before.State.Position)
        {
            var rows = await ReadRowsAsync(connection, again.State.Position, Math.Min(before.State.Position, again.State.Position + AtOnce), cancellationToken);
            if (rows.Count == 0) break;
            foreach (var row in rows) Apply(again, row);
        }
        if (!again.RowsSha256.AsSpan().SequenceEqual(before.RowsSha256))
            throw new ObjectionException($"the ledger up to row {before.State.Position} is not the one that was verified before: its history was written anew.");
        replayed = again;
    }

    private void Apply(Replayed now, LedgerRow row)
    {
        try
        {
            now.State.Apply(row, now.Register);
        }
        catch (Exception problem) when (problem is LedgerBrokenException or Format.Json.MalformedDocumentException)
        {
            // It may have been taken in part: the next candidate begins with the first row.
            replayed = null;
            throw new ObjectionException(problem.Message);
        }
        now.RowsSha256 = SHA256.HashData([.. now.RowsSha256, .. row.ToBytes(), .. row.ChainSha256]);
        now.NewestRegister = Math.Max(now.NewestRegister, row.RegisterVersion ?? 0);
    }

    private static async Task<List<LedgerRow>> ReadRowsAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken cancellationToken)
    {
        var rows = new List<LedgerRow>();
        try
        {
            await foreach (var row in LedgerStore.ReadAsync(connection, after, cancellationToken, upTo)) rows.Add(row);
            return rows;
        }
        catch (Format.Json.MalformedDocumentException unreadable)
        {
            throw new ObjectionException($"a row of the ledger after row {after + rows.Count} cannot be read: {unreadable.Message}.");
        }
    }

    private static ObjectionException Broken(LedgerRow row, string what) => new($"row {row.Position} of the ledger does not hold: {what}.");

    private sealed class Replayed(AgencyRegister register)
    {
        public LedgerState State { get; } = new(key: null);

        public AgencyRegister Register { get; } = register;

        public byte[] RowsSha256 { get; set; } = SHA256.HashData("blocklist-verified/1\n"u8);

        /// <summary>Of all rows that were taken under one.</summary>
        public int NewestRegister { get; set; }
    }
}
