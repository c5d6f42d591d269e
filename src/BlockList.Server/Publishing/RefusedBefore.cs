using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Keeps from asking the verifier with every look for what it refused already: neither of them forgets a row. What changes the
/// version, a decision, a register, another release of the publisher, is asked for at once; what was mended at the verifier, in time.</summary>
internal static class RefusedBefore
{
    /// <summary>Asked in a row, the first times: a person may be mending just now.</summary>
    private const int AtOnce = 3;

    /// <summary>Why it was refused last, while it is too soon to ask again: 30 seconds after the third time, then twice as long each
    /// time, five minutes at most. Null where it may be asked.</summary>
    public static async Task<string?> FindAsync(NpgsqlConnection connection, Candidate candidate, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select same.reason from (
              select count(*) as times, max(a.answered_at) as newest, (array_agg(a.reason order by a.answered_at desc))[1] as reason
              from publishing.candidate c join verifying.answer a on a.candidate_id = c.id and a.outcome = 'refused'
              where c.list = $1 and c.serial = $2 and c.form = $3 and c.list_sha256 = $4 and c.ledger_position = $5 and c.register_version = $6 and c.suffixes_sha256 = $7) as same
            where same.times >= $8 and same.newest + least(interval '5 minutes', interval '30 seconds' * power(2, least(same.times - $8, 10))) > clock_timestamp()
            """, connection);
        command.Parameters.AddWithValue(candidate.List);
        command.Parameters.AddWithValue(candidate.Serial.Value);
        command.Parameters.AddWithValue(candidate.Form);
        command.Parameters.AddWithValue(candidate.ListSha256);
        command.Parameters.AddWithValue(candidate.LedgerPosition);
        command.Parameters.AddWithValue(candidate.RegisterVersion);
        command.Parameters.AddWithValue(candidate.SuffixesSha256);
        command.Parameters.AddWithValue(AtOnce);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
