using BlockList.Format.Statements;
using BlockList.Server.Curation.Pages;
using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <summary>A decision with what a timeline shows of it. The agency is empty where the person belongs to none.</summary>
internal sealed record EpisodeDecision(Guid Id, string Agency, DecisionKind Kind, TimelineRow Row)
{
    public bool IsVote => Kind is DecisionKind.Proposal or DecisionKind.Assessment or DecisionKind.Withdrawal;
}

/// <summary>Decisions of episodes, oldest first. The caller has asked <see cref="Sight"/> about each of them.</summary>
internal static class EpisodeDecisions
{
    public static async Task<ILookup<Guid, EpisodeDecision>> ReadAsync(NpgsqlConnection connection, Guid[] episodes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select d.episode_id, d.id, coalesce(d.agency, ''), coalesce(a.name, 'operator'), p.name, d.statement, n.reference_type, n.reference_number, n.note, v.version,
              exists (select from curation.decision later where later.supersedes = d.id and later.episode_id = d.episode_id)
            from curation.decision d left join access.agency a on a.id = d.agency join access.person p on p.id = d.person
            left join curation.annotation n on n.decision_id = d.id
            left join criteria.version v on v.list = d.list and v.sha256 = (convert_from(d.statement, 'UTF8')::jsonb ->> 'criteria')
            where d.episode_id = any ($1) order by d.position
            """, connection);
        command.Parameters.AddWithValue(episodes);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var decisions = new List<(Guid Episode, EpisodeDecision Decision)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var statement = DecisionStatement.Parse(reader.GetFieldValue<byte[]>(5));
            var row = new TimelineRow(reader.GetGuid(1), DecisionStatement.Print(statement.Kind), statement.Person, reader.GetString(3), reader.GetString(4), statement.DecidedAt,
                statement.Verdicts is { } verdicts ? [.. verdicts.Criteria.Select(c => (c, verdicts[c]))] : [], reader.IsDBNull(9) ? null : reader.GetInt32(9), statement.SightedAt,
                reader.IsDBNull(7) ? null : new ReferenceRow(reader.GetString(6), reader.GetString(7)), reader.IsDBNull(8) ? null : reader.GetString(8), reader.GetBoolean(10), statement.Rule, statement.Case, statement.Outcome);
            decisions.Add((reader.GetGuid(0), new EpisodeDecision(reader.GetGuid(1), reader.GetString(2), statement.Kind, row)));
        }
        return decisions.ToLookup(d => d.Episode, d => d.Decision);
    }
}
