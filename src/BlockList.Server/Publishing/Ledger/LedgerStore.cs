using System.Globalization;
using System.Runtime.CompilerServices;
using BlockList.Format.Json;
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

    private const int ColumnCount = 17;

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
        await foreach (var part in ReadPartsAsync(connection, after, cancellationToken, upTo))
            foreach (var row in RowsOf(part)) yield return row;
    }

    /// <summary>The same, without making rows of them yet.</summary>
    public static IAsyncEnumerable<LedgerPart> ReadPartsAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken, long upTo = long.MaxValue) =>
        LedgerCopy.ReadAsync(connection, string.Create(CultureInfo.InvariantCulture, $"select {Columns} from publishing.ledger where position > {after} and position <= {upTo} order by position"), ColumnCount, cancellationToken);

    /// <summary>The rows of a part, which is given back.</summary>
    /// <exception cref="MalformedDocumentException">A column has what the publisher never writes.</exception>
    private static List<LedgerRow> RowsOf(LedgerPart part)
    {
        using var taken = part;
        var rows = new List<LedgerRow>(part.Count);
        for (var columns = new CopyColumns(taken.Bytes); !columns.IsAtEnd;) rows.Add(NextRow(ref columns, keepsStatement: true, out _));
        return rows;
    }

    /// <summary>The next row of a part.</summary>
    /// <param name="columns">Of the part.</param>
    /// <param name="keepsStatement">Whether a row of a decision has its statement. It is most of the row, and what it says is all that most
    /// readers want of it; rows of other kinds have theirs in any case.</param>
    /// <param name="statement">In the part, empty where there is none.</param>
    /// <exception cref="MalformedDocumentException">A column has what the publisher never writes.</exception>
    public static LedgerRow NextRow(ref CopyColumns columns, bool keepsStatement, out ReadOnlySpan<byte> statement)
    {
        columns.NextRow();
        var (position, kind) = (columns.Long(), columns.Text());
        // In the order of Columns, which is the order of the members here.
        return new LedgerRow
        {
            Position = position,
            Kind = kind,
            Outcome = columns.Text(),
            Reason = columns.OptionalText(),
            DecisionId = columns.OptionalId(),
            Credential = columns.OptionalText(),
            Sequence = columns.OptionalLong(),
            EpisodeId = columns.OptionalId(),
            List = columns.OptionalText(),
            Statement = columns.OptionalBytes(out statement) && (keepsStatement || kind != LedgerRow.OfDecision) ? statement.ToArray() : null,
            StatementSha256 = columns.OptionalOwnText(),
            AssertionId = columns.OptionalId(),
            Leaf = columns.OptionalInteger(),
            Serial = columns.OptionalInteger(),
            RegisterVersion = columns.OptionalInteger(),
            ReceivedAt = columns.Time(),
            ChainSha256 = columns.Bytes().ToArray(),
        };
    }

    /// <summary>Keeps a signature that rows rest on, whatever becomes of the table it came from.</summary>
    public static async Task StoreAssertionAsync(NpgsqlConnection connection, ReceivedAssertion assertion, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into publishing.ledger_assertion (id, form, statements, nonce, authenticator_data, client_data, signature)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing
            """, connection);
        command.Parameters.AddWithValue(assertion.Id);
        command.Parameters.AddWithValue(assertion.Form);
        command.Parameters.AddWithValue(assertion.Statements);
        foreach (var bytes in new[] { assertion.Nonce, assertion.AuthenticatorData, assertion.ClientData, assertion.Signature })
            command.Parameters.AddWithValue(NpgsqlDbType.Bytea, bytes);
        await command.ExecuteNonQueryAsync(cancellationToken);
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
}
