using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Entries;

internal sealed record SavedFilter(Guid Id, string Name, EntryFilter Filter);

/// <summary>The searches that a person saved, by name.</summary>
internal sealed class ReadFilters(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<SavedFilter>> RunAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id, name, filter::text from curation.saved_filter where person = $1 order by name");
        command.Parameters.AddWithValue(viewer.Person);
        var filters = new List<SavedFilter>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) filters.Add(new SavedFilter(reader.GetGuid(0), reader.GetString(1), EntryFilter.FromJson(reader.GetString(2))));
        return filters;
    }
}
