using BlockList.Format.Statements;
using Npgsql;

namespace BlockList.Server.Curation.Entries;

/// <summary>What belongs to one episode; whoever asks has looked at <see cref="Sight"/> before.</summary>
internal static class EntryParts
{
    /// <summary>Typed references alone, however they came: nothing says who gave them, and their order says nothing either.</summary>
    public static Task<List<TypedReference>> ReferencesAsync(NpgsqlConnection connection, Guid episode, CancellationToken cancellationToken) => ReadAsync(connection, """
        select a.reference_type, a.reference_number from curation.annotation a join curation.decision d on d.id = a.decision_id where d.episode_id = $1 and a.reference_number is not null
        union select type, number from curation.reference where episode_id = $1 order by 1, 2
        """, episode, reader => new TypedReference(reader.GetString(0), reader.GetString(1)), cancellationToken);

    public static Task<List<AddedReference>> AddedReferencesAsync(NpgsqlConnection connection, Guid episode, CancellationToken cancellationToken) => ReadAsync(connection, """
        select r.type, r.number, a.name, p.name, r.added_at from curation.reference r join access.agency a on a.id = r.agency join access.person p on p.id = r.person
        where r.episode_id = $1 order by r.added_at, r.id
        """, episode, reader => new AddedReference(new TypedReference(reader.GetString(0), reader.GetString(1)), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4)), cancellationToken);

    public static Task<List<Notification>> NotificationsAsync(NpgsqlConnection connection, Guid episode, CancellationToken cancellationToken) => ReadAsync(connection, """
        select n.kind, n.country, n.number, n.sent_at, a.name, p.name, n.added_at from curation.notification n join access.agency a on a.id = n.agency join access.person p on p.id = n.person
        where n.episode_id = $1 order by n.sent_at, n.id
        """, episode, reader => new Notification(reader.GetString(0), Text(reader, 1), Text(reader, 2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetString(4), reader.GetString(5), reader.GetFieldValue<DateTimeOffset>(6)), cancellationToken);

    /// <summary>The decisions in the order in which they were received.</summary>
    public static async Task<List<TimelineItem>> TimelineAsync(NpgsqlConnection connection, Guid episode, CancellationToken cancellationToken)
    {
        var items = await ReadAsync(connection, """
            select d.statement, a.name, p.name, d.received_at, n.reference_type, n.reference_number, n.note, v.version
            from curation.decision d join access.agency a on a.id = d.agency join access.person p on p.id = d.person
            left join curation.annotation n on n.decision_id = d.id
            left join criteria.version v on v.list = d.list and d.met is not null and v.sha256 = convert_from(d.statement, 'UTF8')::jsonb ->> 'criteria'
            where d.episode_id = $1 order by d.position
            """, episode, ReadItem, cancellationToken);
        var superseded = items.Select(i => i.Supersedes).OfType<Guid>().ToHashSet();
        return [.. items.Select(i => i.Item with { IsSuperseded = superseded.Contains(i.Item.Id) })];
    }

    private static (TimelineItem Item, Guid? Supersedes) ReadItem(NpgsqlDataReader reader)
    {
        var statement = DecisionStatement.Parse(reader.GetFieldValue<byte[]>(0));
        var reference = reader.IsDBNull(4) || reader.IsDBNull(5) ? null : new TypedReference(reader.GetString(4), reader.GetString(5));
        return (new TimelineItem(statement.Id, statement.Kind, statement.Agency, reader.GetString(1), statement.Person, reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), statement.Verdicts,
            reader.IsDBNull(7) ? null : reader.GetInt32(7), statement.SightedAt, reference, Text(reader, 6), false), statement.Supersedes);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Guid episode, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(episode);
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
