using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// Removals, suspensions and complaints that were upheld, straight from where they were received, each believed for its own signature: what
/// may leave a list while the ledger does not hold. Publisher and verifier read the same rows, each for itself. What keeps an entry on the
/// list is believed for its signature too, but for one thing: a proposal of the same name afterwards, whoever wrote its row, delays a
/// removal until the ledger is restored.
/// </summary>
internal static class ReceivedRemovals
{
    /// <summary>More than leave any list at once in many days.</summary>
    private const int Most = 10_000;

    /// <summary>What <see cref="BrokenLedger"/> lets out of the newest version, the oldest first.</summary>
    /// <param name="connection">Of whoever asks.</param>
    /// <param name="published">The newest version.</param>
    /// <param name="facts">What was signed of it.</param>
    /// <param name="list">Of the register.</param>
    /// <param name="register">In force now.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public static async Task<IReadOnlyList<DecisionStatement>> ReadAsync(NpgsqlConnection connection, ListFile published, ListFacts facts, RegisteredList list, AgencyRegister register, CancellationToken cancellationToken)
    {
        // A name that was proposed again after its removal has another life, which that removal says nothing of. With each comes what the same
        // person or agency signed of the same episode, of an appeal what it decides anew, and of a suspension what may have ended it.
        await using var command = new NpgsqlCommand("""
            with removal as (
              select r.id, r.kind, r.episode_id, r.person, r.agency, r.supersedes, r.case_reference from curation.decision r
              where r.kind in ('removal', 'suspension', 'complaint-outcome') and r.outcome is distinct from 'rejected' and r.list = $1 and r.decided_at >= $2
                and not exists (select from curation.decision p where p.position > r.position and p.kind = 'proposal' and p.list = r.list and p.name = r.name and p.scope = r.scope)
              order by r.decided_at limit $3)
            select d.id, d.credential, d.sequence, d.statement, d.assertion_id, d.leaf from curation.decision d
            where exists (select from removal r where r.id = d.id or r.supersedes = d.id or (r.episode_id = d.episode_id and (r.person = d.person or r.agency = d.agency) and d.kind <> 'removal')
                or (r.kind = 'suspension' and r.episode_id = d.episode_id and r.case_reference = d.case_reference and d.kind in ('suspension-end', 'complaint-outcome')))
              and d.episode_id in (select episode_id from removal)
            """, connection);
        command.Parameters.AddWithValue(list.Id);
        command.Parameters.AddWithValue(facts.EvaluatedAt - BrokenLedger.ClockTolerance);
        command.Parameters.AddWithValue(Most);
        var authentic = await AuthenticAsync(connection, command, register, cancellationToken);
        var removals = BrokenLedger.RemovalsThatMayGoOut(published, facts, authentic, list, register);
        if (removals.Count == 0) return removals;
        var discarded = await DiscardedAsync(connection, list.Id, cancellationToken);
        return [.. removals.Where(removal => removal.IsOfComplaint || !discarded.Contains(removal.Name.ToString()))];
    }

    /// <summary>Those of some decisions whose signatures hold.</summary>
    public static async Task<IReadOnlyList<DecisionStatement>> ReadAsync(NpgsqlConnection connection, Guid[] ids, AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id, credential, sequence, statement, assertion_id, leaf from curation.decision where id = any ($1)", connection);
        command.Parameters.AddWithValue(ids);
        return await AuthenticAsync(connection, command, register, cancellationToken);
    }

    private static async Task<List<DecisionStatement>> AuthenticAsync(NpgsqlConnection connection, NpgsqlCommand command, AgencyRegister register, CancellationToken cancellationToken)
    {
        var received = new List<ReceivedDecision>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                received.Add(new ReceivedDecision(reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetGuid(4), reader.GetInt32(5)));
        }
        received.RemoveAll(decision => !register.Credentials.ContainsKey(decision.Credential));
        var authentic = new List<DecisionStatement>();
        if (received.Count == 0) return authentic;
        var assertions = await ReceivedDecisions.ReadAssertionsAsync(connection, [.. received.Select(d => d.AssertionId).Distinct()], cancellationToken);
        foreach (var signed in received.GroupBy(decision => (decision.AssertionId, decision.Credential)))
        {
            if (!assertions.TryGetValue(signed.Key.AssertionId, out var assertion)) continue;
            var statements = await ReceivedDecisions.ReadBatchAsync(connection, assertion.Id, cancellationToken);
            if (Authenticity.FindProblem(assertion, statements, register.Credentials[signed.Key.Credential], register.RelyingParty) is not null) continue;
            foreach (var decision in signed)
                if (Authenticity.FindFault(decision, register, out var statement) is null) authentic.Add(statement);
        }
        return authentic;
    }

    /// <summary>Removals that were held, and that a second person did not want.</summary>
    private static async Task<ListFile> DiscardedAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select h.change from publishing.held h
            where h.list = $1 and not exists (select from publishing.held_end e where e.held_id = h.id)
              and (select d.action from publishing.version_decision d where d.held_id = h.id order by d.position desc limit 1) = 'discard'
            """, connection);
        command.Parameters.AddWithValue(list);
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) lines.AddRange(Delta.Parse(reader.GetFieldValue<byte[]>(0)).Removed);
        return ListFile.OfLines(lines);
    }
}
