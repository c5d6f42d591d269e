using BlockList.Server.Criteria;
using Npgsql;

namespace BlockList.Server.Complaints.Public;

/// <summary>The criteria in force and past, of every list that people decide on.</summary>
internal sealed class ReadCriteria(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<PublicList>> RunAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select list, country, agencies_needed, countries_needed, lease_months, version, text from complaint.criteria()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(PublicList List, PublicCriteria Criteria)>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((new PublicList(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), []),
                new PublicCriteria(reader.GetInt32(5), CriteriaText.Parse(reader.GetString(6)))));
        return [.. rows.GroupBy(row => row.List.Id).Select(list => list.First().List with { Versions = [.. list.Select(row => row.Criteria)] })];
    }
}
