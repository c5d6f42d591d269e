using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace BlockList.Server.Distribution;

/// <summary>The one file that changes. A node never answers with an older one than it has answered with before, whatever
/// the database it is connected to says now.</summary>
internal sealed partial class ServedTimestamps
{
    private readonly ConcurrentDictionary<string, (int Version, ServedFile File)> newest = new(StringComparer.Ordinal);
    private readonly NpgsqlDataSource database;
    private readonly ILogger<ServedTimestamps> log;
    private readonly Together<string, (ServedFile? File, bool IsOlder)> together;

    public ServedTimestamps(NpgsqlDataSource database, ILogger<ServedTimestamps> log)
    {
        (this.database, this.log) = (database, log);
        together = new(FindAsync);
    }

    /// <summary>The file; null where nothing was published; older where the database fell behind.</summary>
    public Task<(ServedFile? File, bool IsOlder)> FindAsync(string list, CancellationToken cancellationToken) => together.AskAsync(list, cancellationToken);

    /// <summary>One question at a time, so that none overtakes another: only the number where the file is at hand.</summary>
    private async Task<IReadOnlyList<(ServedFile? File, bool IsOlder)>> FindAsync(IReadOnlyList<string> lists, CancellationToken cancellationToken)
    {
        var asked = lists.Distinct(StringComparer.Ordinal).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            select h.list, h.timestamp_version, f.content, f.brotli, f.gzip
            from unnest($1, $2) as known (list, version)
            join publishing.head h on h.list = known.list
            left join lateral (select h.timestamp_content as content, h.timestamp_brotli as brotli, h.timestamp_gzip as gzip where h.timestamp_version > known.version) f on true
            """, connection);
        command.Parameters.AddWithValue(asked);
        command.Parameters.AddWithValue(asked.Select(list => newest.TryGetValue(list, out var known) ? known.Version : 0).ToArray());
        await command.PrepareAsync(cancellationToken);
        var found = new Dictionary<string, (ServedFile?, bool)>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (list, version) = (reader.GetString(0), reader.GetInt32(1));
            if (!reader.IsDBNull(2)) newest[list] = (version, new ServedFile(version.ToString(CultureInfo.InvariantCulture), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4)));
            var known = newest[list];
            if (version < known.Version) Log.Older(log, list, version, known.Version);
            found.Add(list, version < known.Version ? (null, true) : (known.File, false));
        }
        // What was there once and is not now is older too.
        foreach (var gone in asked.Where(list => !found.ContainsKey(list) && newest.ContainsKey(list)))
        {
            Log.Older(log, gone, 0, newest[gone].Version);
            found.Add(gone, (null, true));
        }
        return [.. lists.Select(list => found.GetValueOrDefault(list))];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The database offers timestamp {Found} of {List}, but {Newest} was served before. Requests are answered with 503. Is it a replica that fell behind, or a restored backup?")]
        public static partial void Older(ILogger logger, string list, int found, int newest);
    }
}
