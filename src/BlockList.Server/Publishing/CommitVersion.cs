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
    public static async Task StoreAsync(NpgsqlConnection connection, PublishedVersion version, CurrentState current, AssembledList assembled, LedgerState state,
        RegisteredList list, AgencyRegister register, CancellationToken cancellationToken)
    {
        using var step = PublishTrace.Start(PublishTrace.StoreVersion);
        await InsertAsync(connection, version, cancellationToken);
        await StoreChangeAsync(connection, version, current, assembled, state, list, register, cancellationToken);
    }

    /// <summary>The version's own row, without its entries.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, PublishedVersion version, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand("""
            insert into publishing.version (list, serial, ledger_position, evaluated_at, published_at, register_version, suffixes_sha256,
              parameters, list_sha256, previous_sha256, count, added, removed, salt, urgent, freed, waiting, removed_by)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
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
            command.Parameters.AddWithValue(version.Urgent);
            command.Parameters.AddWithValue(NpgsqlDbType.Integer, (object?)version.Freed ?? DBNull.Value);
            command.Parameters.AddWithValue(NpgsqlDbType.Bytea, (object?)version.Waiting ?? DBNull.Value);
            command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, (object?)version.RemovedBy ?? DBNull.Value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task StoreChangeAsync(NpgsqlConnection connection, PublishedVersion version, CurrentState current, AssembledList assembled, LedgerState state,
        RegisteredList list, AgencyRegister register, CancellationToken cancellationToken)
    {
        var serial = Serial.Create(version.Serial);
        var change = Delta.Between(current.Serial ?? serial, current.List, serial, assembled.List);
        await EndAsync(connection, version, change.Removed, assembled, state, list, register, cancellationToken);
        await using var writer = await connection.BeginBinaryImportAsync("copy publishing.entry (list, line, added_serial, episode_id) from stdin (format binary)", cancellationToken);
        foreach (var line in change.Added)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(version.List, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(line, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(version.Serial, NpgsqlDbType.Integer, cancellationToken);
            if (assembled.Episodes.Find(line) is { } episode) await writer.WriteAsync(episode.Id, NpgsqlDbType.Uuid, cancellationToken);
            else await writer.WriteNullAsync(cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);
    }

    /// <summary>Ends the stretches of what is not in this version any more, and writes down why.</summary>
    private static async Task EndAsync(NpgsqlConnection connection, PublishedVersion version, IReadOnlyList<string> removed, AssembledList assembled, LedgerState state,
        RegisteredList list, AgencyRegister register, CancellationToken cancellationToken)
    {
        if (removed.Count == 0) return;
        var began = new Dictionary<string, Guid?>(StringComparer.Ordinal);
        await using (var find = new NpgsqlCommand("select line, episode_id from publishing.entry where list = $1 and line = any ($2) and removed_serial is null", connection))
        {
            find.Parameters.AddWithValue(version.List);
            find.Parameters.AddWithValue(removed.ToArray());
            await using var reader = await find.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) began.Add(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetGuid(1));
        }
        var ends = began.Select(entry => (Line: entry.Key, Episode: RemovalReason.EpisodeOf(entry.Key, entry.Value, state, list))).ToArray();
        await using var end = new NpgsqlCommand("""
            update publishing.entry e set removed_serial = $2, removed_episode_id = ended.episode_id, removed_because = ended.because
            from unnest($3::text[], $4::uuid[], $5::text[]) as ended (line, episode_id, because)
            where e.list = $1 and e.line = ended.line and e.removed_serial is null
            """, connection);
        end.Parameters.AddWithValue(version.List);
        end.Parameters.AddWithValue(version.Serial);
        end.Parameters.AddWithValue(ends.Select(e => e.Line).ToArray());
        end.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Uuid, ends.Select(e => e.Episode?.Id).ToArray());
        end.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, ends.Select(e => e.Episode is null ? null : RemovalReason.Of(e.Episode, assembled, version.EvaluatedAt, list, register)).ToArray());
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// First publication is an event of the ledger: from then on a dissent is a re-review and no longer a dispute. Other
    /// publishers may have written to the ledger since this run read it, so the end of the chain is read under the lock.
    /// The state in memory follows with its next catching up, when the transaction has been committed.
    /// </summary>
    public static async Task RecordFirstPublicationsAsync(NpgsqlConnection connection, string list, ListFacts facts, AssembledList assembled, LedgerState state,
        AgencyRegister register, CancellationToken cancellationToken)
    {
        using var step = PublishTrace.Start(PublishTrace.FirstPublications);
        var first = NotYetPublished();
        if (first.Length == 0) return;
        await LedgerStore.LockAsync(connection, cancellationToken);
        await TakeDecisions.CatchUpAsync(connection, state, register, cancellationToken);
        var (position, chain) = (state.Position, state.ChainSha256);
        var rows = new List<LedgerRow>();
        foreach (var episodes in NotYetPublished().Chunk(LedgerRow.MostPublished))
        {
            var row = state.Chain(LedgerRow.OfPublication(++position, list, facts.Version.Value, episodes, facts.PublishedAt), chain);
            rows.Add(row);
            chain = row.ChainSha256;
        }
        await LedgerStore.AppendAsync(connection, rows, cancellationToken);

        Guid[] NotYetPublished() => [.. assembled.Episodes.All.Where(episode => !episode.WasPublished).Select(episode => episode.Id).Order()];
    }
}
