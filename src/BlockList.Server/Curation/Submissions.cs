using BlockList.Format.Statements;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Forms that were sent, by their random id: what each one did, for whoever sends it again.</summary>
internal static class Submissions
{
    /// <returns>False where the form was sent already; a transaction that is just storing it is waited for.</returns>
    public static async Task<bool> AddAsync(NpgsqlConnection connection, Guid id, Guid assertion, SignedDecisions signed, CancellationToken cancellationToken)
    {
        var first = signed.Decisions[0].Statement;
        await using var command = new NpgsqlCommand("""
            insert into curation.submission (id, person, assertion_id, list, kinds, decisions) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing
            """, connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(first.Person);
        command.Parameters.AddWithValue(assertion);
        command.Parameters.AddWithValue(first.List);
        command.Parameters.AddWithValue(KindsOf(signed));
        command.Parameters.AddWithValue(signed.Decisions.Count);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>What the person's form did, or null where they sent no such form.</summary>
    public static async Task<SubmitOutcome.AlreadySubmitted?> FindAsync(NpgsqlConnection connection, Guid id, string person, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select list, kinds, decisions, (select e.subject_id from curation.decision d join curation.episode e on e.id = d.episode_id where d.assertion_id = s.assertion_id and s.decisions = 1), at
            from curation.submission s where id = $1 and person = $2
            """, connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(person);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new SubmitOutcome.AlreadySubmitted(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetFieldValue<DateTimeOffset>(4))
            : null;
    }

    public static string KindsOf(SignedDecisions signed) => string.Join(' ', signed.Decisions.Select(d => DecisionStatement.Print(d.Statement.Kind)).Distinct());
}
