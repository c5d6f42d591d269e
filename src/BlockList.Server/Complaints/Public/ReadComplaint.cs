using BlockList.Format.Names;
using BlockList.Server.DnsChecks;
using Npgsql;

namespace BlockList.Server.Complaints.Public;

/// <summary>What a person does with a complaint that they have reference and secret of.</summary>
internal sealed class ReadComplaint(NpgsqlDataSource database, ComplaintSecrets secrets, TimeProvider clock)
{
    /// <summary>Null where no complaint has this reference and this secret.</summary>
    public async Task<ComplaintView?> FindAsync(string reference, string secret, CancellationToken cancellationToken)
    {
        await using var command = Command("select * from complaint.status($1, $2)", reference, secret);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new ComplaintView
        {
            Reference = reference,
            Secret = secret,
            Party = reader.GetFieldValue<string>(reader.GetOrdinal("party")),
            Domain = DomainName.TryParseCanonical(reader.GetFieldValue<string>(reader.GetOrdinal("domain")), out var domain) ? domain : throw new FormatException("the domain of a complaint is no name"),
            State = reader.GetFieldValue<string>(reader.GetOrdinal("state")),
            ReceivedAt = reader.GetFieldValue<DateTimeOffset>(reader.GetOrdinal("received_at")),
            ConfirmedAt = Time(reader, "confirmed_at"),
            ProofState = reader.GetFieldValue<string>(reader.GetOrdinal("proof_state")),
            ProofMethod = Text(reader, "proof_method"),
            ProofAt = Time(reader, "proof_at"),
            Token = Text(reader, "token"),
            TokenUntil = Time(reader, "proof_expires_at"),
            NextLookAt = Time(reader, "next_look_at"),
            LookedAt = Time(reader, "looked_at"),
            Looked = Text(reader, "looked"),
        };
    }

    /// <summary>Writes that somebody wants to prove control. Nothing is looked for until they say that the record is there.</summary>
    public async Task AskProofAsync(string reference, string secret, CancellationToken cancellationToken)
    {
        await using var command = Command("select complaint.ask_proof($1, $2, $3, $4)", reference, secret);
        command.Parameters.AddWithValue(Guid.CreateVersion7(clock.GetUtcNow()));
        command.Parameters.AddWithValue(ProofText.NewToken());
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>The record is there, says somebody: the checker looks within seconds. False where it looked just now.</summary>
    public async Task<bool> RecheckAsync(string reference, string secret, CancellationToken cancellationToken)
    {
        await using var command = Command("select complaint.recheck($1, $2)", reference, secret);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))! != "too-soon";
    }

    /// <summary>After proof; nothing before it.</summary>
    public async Task<IReadOnlyList<DisclosedEntry>> DiscloseAsync(string reference, string secret, CancellationToken cancellationToken)
    {
        await using var command = Command("select list, name, added_serial, added_at, removed_serial, removed_at from complaint.disclose($1, $2)", reference, secret);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<DisclosedEntry>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new DisclosedEntry(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3), reader.IsDBNull(4) ? null : reader.GetInt32(4), Time(reader, "removed_at")));
        return entries;
    }

    /// <summary>The link of a mail was opened and its button pressed. False where no such link is open.</summary>
    public async Task<bool> ConfirmAsync(string reference, string token, CancellationToken cancellationToken)
    {
        await using var command = Command("select complaint.confirm($1, $2)", reference, token);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))! != "unknown";
    }

    private NpgsqlCommand Command(string sql, string reference, string secret)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(reference);
        command.Parameters.AddWithValue(secrets.Hash(secret));
        return command;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader reader, string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.GetFieldValue<DateTimeOffset>(reader.GetOrdinal(column));

    private static string? Text(NpgsqlDataReader reader, string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.GetString(reader.GetOrdinal(column));
}

/// <summary>An entry that whoever proved control may know of.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="Name">In A-labels.</param>
/// <param name="AddedSerial">The version that it came with.</param>
/// <param name="AddedAt">When that was published.</param>
/// <param name="RemovedSerial">The version that it left with; null while it stands.</param>
/// <param name="RemovedAt">When that was published.</param>
internal sealed record DisclosedEntry(string List, string Name, int AddedSerial, DateTimeOffset AddedAt, int? RemovedSerial, DateTimeOffset? RemovedAt);
