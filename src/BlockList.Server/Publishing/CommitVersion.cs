using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Publishing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>Writes a version's own rows, inside the transaction that exposes it.</summary>
internal static class CommitVersion
{
    public static async Task StoreAsync(NpgsqlConnection connection, PublishedVersion version, CurrentState current, AssembledList assembled, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand("""
            insert into publishing.version (list, serial, ledger_position, evaluated_at, published_at, register_version, suffixes_sha256,
              parameters, list_sha256, previous_sha256, count, added, removed, salt)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """, connection))
        {
            command.Parameters.AddWithValue(version.List);
            command.Parameters.AddWithValue(version.Serial);
            command.Parameters.AddWithValue(version.LedgerPosition);
            command.Parameters.AddWithValue(version.EvaluatedAt);
            command.Parameters.AddWithValue(version.PublishedAt);
            command.Parameters.AddWithValue(version.RegisterVersion);
            command.Parameters.AddWithValue(version.SuffixesSha256);
            command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, version.Parameters);
            command.Parameters.AddWithValue(version.ListSha256);
            command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)version.PreviousSha256 ?? DBNull.Value);
            command.Parameters.AddWithValue(version.Count);
            command.Parameters.AddWithValue(version.Added);
            command.Parameters.AddWithValue(version.Removed);
            command.Parameters.AddWithValue(version.Salt);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        var serial = Serial.Create(version.Serial);
        var change = Delta.Between(current.Serial ?? serial, current.List, serial, assembled.List);
        await using (var removed = new NpgsqlCommand(
            "update publishing.entry set removed_serial = $3 where list = $1 and line = any ($2) and removed_serial is null", connection))
        {
            removed.Parameters.AddWithValue(version.List);
            removed.Parameters.AddWithValue(change.Removed.ToArray());
            removed.Parameters.AddWithValue(version.Serial);
            await removed.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var writer = await connection.BeginBinaryImportAsync("copy publishing.entry (list, line, added_serial) from stdin (format binary)", cancellationToken);
        foreach (var line in change.Added)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(version.List, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(line, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(version.Serial, NpgsqlDbType.Integer, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);
    }

    /// <summary>
    /// First publication is an event of the ledger: from then on a dissent is a re-review and no longer a dispute. Other
    /// publishers may have written to the ledger since this run read it, so the end of the chain is read under the lock.
    /// The state in memory follows with its next catching up, when the transaction has been committed.
    /// </summary>
    public static async Task RecordFirstPublicationsAsync(NpgsqlConnection connection, string list, ListFacts facts, AssembledList assembled, LedgerState state,
        AgencyRegister register, CancellationToken cancellationToken)
    {
        var first = assembled.Episodes.Values.Where(id => state.Find(id) is { WasPublished: false }).Order().ToArray();
        if (first.Length == 0) return;
        await LedgerStore.LockAsync(connection, cancellationToken);
        await TakeDecisions.CatchUpAsync(connection, state, register, cancellationToken);
        var (position, chain) = (state.Position, state.ChainSha256);
        var rows = new List<LedgerRow>();
        foreach (var episode in first.Where(id => state.Find(id) is { WasPublished: false }))
        {
            var row = state.Chain(new LedgerRow
            {
                Position = ++position,
                Kind = LedgerRow.OfFirstPublication,
                Outcome = LedgerRow.Accepted,
                EpisodeId = episode,
                List = list,
                Serial = facts.Version.Value,
                ReceivedAt = facts.PublishedAt,
                ChainSha256 = [],
            }, chain);
            rows.Add(row);
            chain = row.ChainSha256;
        }
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);
    }
}
