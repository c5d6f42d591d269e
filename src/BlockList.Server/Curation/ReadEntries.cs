using System.Runtime.CompilerServices;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>An open entry as curators see it in a list.</summary>
internal sealed record EntryLine(string Name, string Scope, DateTimeOffset OpenedAt, int Agencies, DateTimeOffset? NewestSighting, int? PublishedSince);

/// <summary>Reads the open entries of a list. The read is an audit row before the first name is given out.</summary>
internal sealed class ReadEntries(IDbContextFactory<BlockListDb> contexts)
{
    private const int Page = 1000;

    public async IAsyncEnumerable<EntryLine> RunAsync(string list, string reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.People.AnyAsync(p => p.Id == reader, cancellationToken)) throw new CurationException($"There is no person {reader}; the audit log keeps who reads.");
        await db.Database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync((NpgsqlConnection)db.Database.GetDbConnection(), reader, "entries.read", list, null, cancellationToken);
        var after = "";
        while (true)
        {
            var from = after;
#pragma warning disable CA1309 // Translated to SQL, where the column's collation is byte order.
            var names = await db.Episodes.AsNoTracking().Where(e => e.List == list && e.ClosedAt == null && string.Compare(e.Name, from) > 0)
                .OrderBy(e => e.Name).Select(e => e.Name).Distinct().OrderBy(n => n).Take(Page).ToListAsync(cancellationToken);
#pragma warning restore CA1309
            if (names.Count == 0) yield break;
            var page = await db.Episodes.AsNoTracking().Where(e => e.List == list && e.ClosedAt == null && names.Contains(e.Name))
                .OrderBy(e => e.Name).ThenBy(e => e.Scope)
                .Select(e => new EntryLine(e.Name, e.Scope, e.OpenedAt,
                    db.Decisions.Where(d => d.EpisodeId == e.Id && d.Met == true && !db.Decisions.Any(later => later.Supersedes == d.Id)).Select(d => d.Agency).Distinct().Count(),
                    db.Decisions.Where(d => d.EpisodeId == e.Id).Max(d => d.SightedAt),
                    db.PublishedEntries.Where(p => p.List == list && p.Name == e.Name && p.Scope == e.Scope).Select(p => (int?)p.AddedSerial).FirstOrDefault()))
                .ToListAsync(cancellationToken);
            foreach (var line in page) yield return line;
            after = names[^1];
        }
    }
}
