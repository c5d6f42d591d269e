using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using Npgsql;

namespace BlockList.Server.Curation.Reading;

/// <summary>What lists of entries show of each, beside its row: where to look, since when it is published, who of the viewer's agency is at it,
/// and whether the never-block guard speaks against it, in words; null where it does not, or the viewer is not to know.</summary>
internal sealed record EntryLineDetails(IReadOnlyList<string> References, int? PublishedSince, ClaimRow? Claim, string? Guard)
{
    public static readonly EntryLineDetails None = new([], null, null, null);

    /// <summary>That providers leave it out, where the viewer is to know; null where none ever did.</summary>
    public ReReviewRow? LeftOut { get; init; }
}

/// <summary>An episode's row as a query found it; what of it is shown, <see cref="Sight"/> says.</summary>
internal sealed record EpisodeLine(Guid Id, Guid Subject, string List, string Name, string Scope, string Stage, string Voters, bool IsOverdue, bool IsLapsing, DateTimeOffset? LapsesAt, DateTimeOffset? NewestSighting)
{
    /// <summary>In the order that <see cref="Read"/> takes them, of <c>curation.episode e</c>.</summary>
    public const string Columns = "e.id, e.subject_id, e.list, e.name, e.scope, e.stage, e.voters, e.overdue, e.lapsing, e.lapses_at, e.newest_sighting";

    public Scope ScopeValue => Scope == "host" ? Format.Names.Scope.Host : Format.Names.Scope.Domain;

    public static EpisodeLine Read(NpgsqlDataReader reader) => new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6),
        reader.GetBoolean(7), reader.GetBoolean(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9), reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10));
}

internal static class EntryLineReader
{
    public static async Task<List<EpisodeLine>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<EpisodeLine>();
        while (await reader.ReadAsync(cancellationToken)) lines.Add(EpisodeLine.Read(reader));
        return lines;
    }

    /// <summary>References are where to look: everyone sees their types and numbers, and nothing of who gave them.</summary>
    public static async Task<IReadOnlyDictionary<Guid, EntryLineDetails>> DetailsAsync(NpgsqlConnection connection, Viewer viewer, IReadOnlyCollection<EpisodeLine> lines, CancellationToken cancellationToken)
    {
        if (lines.Count == 0) return new Dictionary<Guid, EntryLineDetails>();
        await using var command = new NpgsqlCommand("""
            select e.id,
              (select array_agg(distinct r.reference order by r.reference) from (
                select a.reference_type || ' ' || a.reference_number as reference from curation.decision d join curation.annotation a on a.decision_id = d.id
                where d.episode_id = e.id and a.reference_number is not null
                union all select type || ' ' || number from curation.reference where episode_id = e.id) as r),
              (select p.added_serial from publishing.published_entry p where p.list = e.list and p.line = e.line),
              p.name, c.expires_at, c.person = $2,
              (select bool_or(f.effect = 'touched') from publishing.guard_finding f where f.episode_id = e.id),
              r.providers, r.opened_at, r.answered_at
            from unnest($1, $4, $5) as e (id, list, line)
            left join curation.claim c on c.episode_id = e.id and c.agency = $3 and c.expires_at > clock_timestamp()
            left join access.person p on p.id = c.person
            left join curation.re_review r on r.episode_id = e.id
            """, connection);
        command.Parameters.AddWithValue(lines.Select(l => l.Id).ToArray());
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.AddWithValue(viewer.Agency ?? "");
        command.Parameters.AddWithValue(lines.Select(l => l.List).ToArray());
        command.Parameters.AddWithValue(lines.Select(l => l.Scope == "host" ? "=" + l.Name : l.Name).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var details = new Dictionary<Guid, EntryLineDetails>();
        var voters = lines.ToDictionary(l => l.Id, l => l.Voters);
        while (await reader.ReadAsync(cancellationToken))
        {
            var isTouched = reader.IsDBNull(6) ? (bool?)null : reader.GetBoolean(6);
            details[reader.GetGuid(0)] = new EntryLineDetails(reader.IsDBNull(1) ? [] : reader.GetFieldValue<string[]>(1), reader.IsDBNull(2) ? null : reader.GetInt32(2),
                reader.IsDBNull(3) ? null : new ClaimRow(reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetBoolean(5)),
                isTouched is { } touched && Sight.ShowsGuard(viewer, voters[reader.GetGuid(0)], touched) ? GuardRules.DescribeEffect(touched) : null)
            {
                LeftOut = reader.IsDBNull(7) || !Sight.Opens(viewer, voters[reader.GetGuid(0)]) ? null
                    : new ReReviewRow(reader.GetInt32(7), reader.GetFieldValue<DateTimeOffset>(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9)),
            };
        }
        return details;
    }
}
