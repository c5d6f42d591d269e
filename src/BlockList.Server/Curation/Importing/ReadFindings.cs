using System.Runtime.CompilerServices;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

/// <summary>How many of an import's entries a revert would withdraw now, and what it would leave.</summary>
internal sealed record RevertPreview(int Withdrawn, int Kept, IReadOnlyList<RevertPreview.Row> Rows, int? Next)
{
    /// <param name="Why">It stays as it is; null where it would be withdrawn.</param>
    internal sealed record Row(int Leaf, string Name, string Scope, string? Why, Guid Handle);
}

/// <summary>What was said of the lines of an import.</summary>
internal sealed class ReadFindings(IDbContextFactory<BlockListDb> contexts, NpgsqlDataSource database)
{
    public const int Page = 200;

    private const int Chunk = 5000;

    /// <summary>One more than a page holds, where there are more.</summary>
    public async Task<IReadOnlyList<ImportFinding>> ListAsync(Guid import, string kind, int after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Findings(db, import, kind, after).Take(Page + 1).ToListAsync(cancellationToken);
    }

    /// <summary>All of them, without holding them all.</summary>
    public async IAsyncEnumerable<ImportFinding> AllAsync(Guid import, string kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        for (var after = 0; ;)
        {
            var chunk = await Findings(db, import, kind, after).Take(Chunk).ToListAsync(cancellationToken);
            foreach (var finding in chunk) yield return finding;
            if (chunk.Count < Chunk) yield break;
            after = chunk[^1].Number;
        }
    }

    /// <summary>The same rule as of the revert itself: an entry on which nothing was decided since, and which is still open.</summary>
    public async Task<RevertPreview> PreviewRevertAsync(Import import, bool onlyKept, int after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var signature = import.AssertionId ?? Guid.Empty;
        var (withdrawn, kept) = (0, 0);
        await using (var command = new NpgsqlCommand("select count(*) filter (where not changed)::int, count(*) filter (where changed)::int from curation.episode where opened_under = $1", connection))
        {
            command.Parameters.AddWithValue(signature);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (withdrawn, kept) = (reader.GetInt32(0), reader.GetInt32(1));
        }
        var shown = new List<RevertPreview.Row>();
        // Two ranges of one index, merged in the order of the file.
        await using (var command = new NpgsqlCommand("""
            select e.opened_leaf, e.name, e.scope, case when e.closed_at is not null then e.stage end, later.kind, a.name, e.subject_id
            from (
              (select * from curation.episode where opened_under = $1 and changed and opened_leaf > $2 order by opened_leaf limit $4)
              union all
              (select * from curation.episode where opened_under = $1 and not changed and opened_leaf > $2 and not $3 order by opened_leaf limit $4)
              order by opened_leaf limit $4) as e
            left join lateral (
              select l.kind, l.agency from curation.decision l where l.episode_id = e.id and l.id <> e.id and e.changed order by l.position desc limit 1) later on true
            left join access.agency a on a.id = later.agency
            order by e.opened_leaf
            """, connection))
        {
            command.Parameters.AddWithValue(signature);
            command.Parameters.AddWithValue(after);
            command.Parameters.AddWithValue(onlyKept);
            command.Parameters.AddWithValue(ReadImportRows.Page + 1);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var why = !reader.IsDBNull(3) ? $"It is {reader.GetString(3)} already." : !reader.IsDBNull(4) ? $"Changed since: {reader.GetString(4)} by {reader.GetString(5)}." : null;
                shown.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), why, reader.GetGuid(6)));
            }
        }
        var more = shown.Count > ReadImportRows.Page;
        return new RevertPreview(withdrawn, kept, more ? shown[..ReadImportRows.Page] : shown, more ? shown[ReadImportRows.Page - 1].Leaf : null);
    }

    private static IQueryable<ImportFinding> Findings(BlockListDb db, Guid import, string kind, int after) =>
        db.ImportFindings.AsNoTracking().Where(f => f.ImportId == import && f.Kind == kind && f.Number > after).OrderBy(f => f.Number);
}
