using System.Collections.Concurrent;
using System.Globalization;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Distribution;

/// <summary>The one file that changes. A node never answers with an older one than it has answered with before, whatever
/// the database it is connected to says now.</summary>
internal sealed partial class ServedTimestamps(IDbContextFactory<BlockListDb> databases, ILogger<ServedTimestamps> log)
{
    private readonly ConcurrentDictionary<string, int> _newest = new(StringComparer.Ordinal);

    /// <summary>The file; null where nothing was published; older where the database fell behind.</summary>
    public async Task<(ServedFile? File, bool IsOlder)> FindAsync(string list, CancellationToken cancellationToken)
    {
        // Read again once: another request may have read a newer one between our reading and our comparing.
        for (var attempt = 0; ; attempt++)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var head = await db.Heads.AsNoTracking().Where(h => h.List == list)
                .Select(h => new { h.TimestampVersion, h.TimestampContent, h.TimestampBrotli, h.TimestampGzip })
                .SingleOrDefaultAsync(cancellationToken);
            var found = head?.TimestampVersion ?? 0;
            var newest = _newest.AddOrUpdate(list, found, (_, known) => Math.Max(known, found));
            if (found == newest)
                return (head is null ? null : new ServedFile(found.ToString(CultureInfo.InvariantCulture), head.TimestampContent, head.TimestampBrotli, head.TimestampGzip), false);
            if (attempt == 0) continue;
            Log.Older(log, list, found, newest);
            return (null, true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The database offers timestamp {Found} of {List}, but {Newest} was served before. Requests are answered with 503. Is it a replica that fell behind, or a restored backup?")]
        public static partial void Older(ILogger logger, string list, int found, int newest);
    }
}
