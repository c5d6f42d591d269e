using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Reading;
using Npgsql;

namespace BlockList.Server.Publishing.Pages;

/// <summary>Who decided about the entries of a page. Episodes that the viewer may know nothing of are not in the answer, so a page
/// cannot show what it was not given: a second reviewer, today or in a dispute later, must not learn from a version what a
/// form would not tell them.</summary>
internal sealed class ReadDeciders(NpgsqlDataSource database, ReadCriteria criteria)
{
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Decider>>> RunAsync(Viewer viewer, IEnumerable<Change> changes, CancellationToken cancellationToken)
    {
        var episodes = changes.Select(c => c.Episode).OfType<Guid>().Distinct().ToArray();
        if (episodes.Length == 0) return new Dictionary<Guid, IReadOnlyList<Decider>>();
        var versions = await criteria.VersionsAsync(cancellationToken);
        await using var command = database.CreateCommand("""
            select d.statement, coalesce(a.name, 'operator'), p.name, e.voters from curation.decision d
            join curation.episode e on e.id = d.episode_id left join access.agency a on a.id = d.agency join access.person p on p.id = d.person
            where d.episode_id = any ($1) order by d.position
            """);
        command.Parameters.AddWithValue(episodes);
        var deciders = new List<Decider>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!Sight.Opens(viewer, reader.GetString(3))) continue;
            var statement = DecisionStatement.Parse(reader.GetFieldValue<byte[]>(0));
            deciders.Add(new Decider(reader.GetString(1), reader.GetString(2), statement, versions.TryGetValue((statement.List, statement.CriteriaSha256 ?? ""), out var version) ? version : null));
        }
        return deciders.GroupBy(d => d.Statement.Episode).ToDictionary(group => group.Key, group => (IReadOnlyList<Decider>)[.. group]);
    }
}
