using System.Runtime.CompilerServices;
using BlockList.Format.Statements;
using BlockList.Server.Signing;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Reads and writes ledger rows. Only the publisher's login can write; every writer holds the ledger's lock.</summary>
internal static class LedgerStore
{
    private const string Columns =
        "position, kind, outcome, reason, decision_id, credential, sequence, episode_id, list, statement, statement_sha256, assertion_id, leaf, serial, register_version, received_at, chain_sha256";

    /// <summary>One writer at a time, until the transaction ends.</summary>
    public static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select publishing.lock_ledger()", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Under the lock: rows are taken by the newest register alone, so that their register versions only count up.</summary>
    /// <exception cref="SigningException">Another publisher took a newer one while this one began.</exception>
    public static async Task RequireNewestAsync(NpgsqlConnection connection, AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select max(version) from publishing.register", connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is int newest && newest > register.Version)
            throw new SigningException($"Another publisher took register {newest} while this one began with {register.Version}. Nothing was taken; the next run goes by the newest, once its file has it.");
    }

    /// <summary>The rows after a position, in order, to another one.</summary>
    public static async IAsyncEnumerable<LedgerRow> ReadAsync(NpgsqlConnection connection, long after, [EnumeratorCancellation] CancellationToken cancellationToken, long upTo = long.MaxValue)
    {
        await using var command = new NpgsqlCommand($"select {Columns} from publishing.ledger where position > $1 and position <= $2 order by position", connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(upTo);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new LedgerRow
            {
                Position = reader.GetInt64(0),
                Kind = reader.GetString(1),
                Outcome = reader.GetString(2),
                Reason = Nullable<string>(reader, 3),
                DecisionId = NullableValue<Guid>(reader, 4),
                Credential = Nullable<string>(reader, 5),
                Sequence = NullableValue<long>(reader, 6),
                EpisodeId = NullableValue<Guid>(reader, 7),
                List = Nullable<string>(reader, 8),
                Statement = Nullable<byte[]>(reader, 9),
                StatementSha256 = Nullable<string>(reader, 10),
                AssertionId = NullableValue<Guid>(reader, 11),
                Leaf = NullableValue<int>(reader, 12),
                Serial = NullableValue<int>(reader, 13),
                RegisterVersion = NullableValue<int>(reader, 14),
                ReceivedAt = reader.GetFieldValue<DateTimeOffset>(15),
                ChainSha256 = reader.GetFieldValue<byte[]>(16),
            };
        }
    }

    /// <summary>Appends rows inside the caller's transaction, which holds the lock.</summary>
    public static async Task AppendAsync(NpgsqlConnection connection, IEnumerable<LedgerRow> rows, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"copy publishing.ledger ({Columns}) from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(row.Position, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(row.Kind, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(row.Outcome, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(row.Reason, NpgsqlDbType.Text);
            await WriteAsync(row.DecisionId, NpgsqlDbType.Uuid);
            await WriteAsync(row.Credential, NpgsqlDbType.Text);
            await WriteAsync(row.Sequence, NpgsqlDbType.Bigint);
            await WriteAsync(row.EpisodeId, NpgsqlDbType.Uuid);
            await WriteAsync(row.List, NpgsqlDbType.Text);
            await WriteAsync(row.Statement, NpgsqlDbType.Bytea);
            await WriteAsync(row.StatementSha256, NpgsqlDbType.Text);
            await WriteAsync(row.AssertionId, NpgsqlDbType.Uuid);
            await WriteAsync(row.Leaf, NpgsqlDbType.Integer);
            await WriteAsync(row.Serial, NpgsqlDbType.Integer);
            await WriteAsync(row.RegisterVersion, NpgsqlDbType.Integer);
            await writer.WriteAsync(row.ReceivedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(row.ChainSha256, NpgsqlDbType.Bytea, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);

        Task WriteAsync(object? value, NpgsqlDbType type) =>
            value is null ? writer.WriteNullAsync(cancellationToken) : writer.WriteAsync(value, type, cancellationToken);
    }

    private static T? Nullable<T>(NpgsqlDataReader reader, int column) where T : class =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    private static T? NullableValue<T>(NpgsqlDataReader reader, int column) where T : struct =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
}
