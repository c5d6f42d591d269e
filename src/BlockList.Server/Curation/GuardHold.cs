using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>One rule of the never-block guard that speaks against a decided entry, as the publisher's last run found it, and what release officers said to it.</summary>
/// <param name="Rule">One of <see cref="GuardRules.All"/>.</param>
/// <param name="IsTouched">The entry is published, from before the rule came; otherwise it is left out of the list.</param>
/// <param name="Message">What the guard says, of the name alone.</param>
/// <param name="FoundAt">Since when.</param>
/// <param name="IsOverridden">It is overridden; the next version follows.</param>
/// <param name="Enforcers">Names of the people who want it to hold.</param>
/// <param name="HasAsked">Whether the person is one of them.</param>
internal sealed record GuardHold(string Rule, bool IsTouched, string Message, DateTimeOffset FoundAt, bool IsOverridden, IReadOnlyList<string> Enforcers, bool HasAsked)
{
    /// <summary>Two people have said that it is to hold; the next version follows.</summary>
    public bool IsEnforced => Enforcers.Count >= 2 && !IsOverridden;

    public bool CanBeOverridden => GuardRules.IsOverridable(Rule) && !IsOverridden;

    public bool CanBeEnforced => IsTouched && !IsEnforced && !HasAsked;

    /// <summary>The same for someone who may see no decision.</summary>
    public GuardHold WithoutAnswers() => this with { IsOverridden = false, Enforcers = [], HasAsked = false };

    /// <summary>Those of episodes, the gravest first. The caller has asked who may see them.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="episodes">Which.</param>
    /// <param name="person">Who looks.</param>
    /// <param name="cancellationToken">Before the last row.</param>
    public static async Task<ILookup<Guid, GuardHold>> ReadAsync(NpgsqlConnection connection, Guid[] episodes, string person, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select f.episode_id, f.rule, f.effect = 'touched', f.message, f.found_at, d.kind, d.person, p.name
            from publishing.guard_finding f
            left join curation.decision d on d.episode_id = f.episode_id and d.rule = f.rule and d.kind in ('override', 'enforcement')
            left join access.person p on p.id = d.person
            where f.episode_id = any ($1) order by f.episode_id, f.rule, d.position
            """, connection);
        command.Parameters.AddWithValue(episodes);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new Row(reader.GetGuid(0), new GuardHold(reader.GetString(1), reader.GetBoolean(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), false, [], false),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? "" : reader.GetString(6), reader.IsDBNull(7) ? "" : reader.GetString(7)));
        }
        return rows.GroupBy(row => (row.Episode, row.Blank.Rule)).OrderBy(group => Array.IndexOf(GuardRules.All, group.Key.Rule)).ToLookup(group => group.Key.Episode, group => Take(group, person));
    }

    /// <summary>The later word counts, as the publisher has it.</summary>
    private static GuardHold Take(IEnumerable<Row> rows, string person)
    {
        var (isOverridden, enforcers) = (false, new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var row in rows.Where(row => row.Kind is not null))
        {
            if (row.Kind == "override") enforcers.Clear();
            else enforcers.TryAdd(row.Person, row.PersonName);
            isOverridden = row.Kind == "override" || (isOverridden && enforcers.Count < 2);
        }
        return rows.First().Blank with { IsOverridden = isOverridden, Enforcers = [.. enforcers.Values], HasAsked = enforcers.ContainsKey(person) };
    }

    private sealed record Row(Guid Episode, GuardHold Blank, string? Kind, string Person, string PersonName);
}
