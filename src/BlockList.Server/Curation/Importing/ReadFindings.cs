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
        const string rows = """
            with rows as (
              select d.leaf, d.name, d.scope, e.subject_id, case when e.closed_at is not null then e.stage end as over, later.kind as later_kind, later.agency as later_agency
              from curation.decision d join curation.episode e on e.id = d.episode_id
              left join lateral (select l.kind, l.agency from curation.decision l where l.episode_id = d.episode_id and l.position > d.position order by l.position desc limit 1) later on true
              where d.assertion_id = $1 and d.kind = 'proposal' and d.leaf > $2)
            """;
        var (withdrawn, kept) = (0, 0);
        await using (var command = new NpgsqlCommand(rows + "select count(*) filter (where over is null and later_kind is null), count(*) from rows", connection))
        {
            command.Parameters.AddWithValue(import.AssertionId ?? Guid.Empty);
            command.Parameters.AddWithValue(-1);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            withdrawn = (int)reader.GetInt64(0);
            kept = (int)reader.GetInt64(1) - withdrawn;
        }
        var shown = new List<RevertPreview.Row>();
        await using (var command = new NpgsqlCommand(rows + "select leaf, r.name, scope, over, later_kind, a.name, subject_id from rows r left join access.agency a on a.id = r.later_agency where (not $3 or over is not null or later_kind is not null) order by leaf limit $4", connection))
        {
            command.Parameters.AddWithValue(import.AssertionId ?? Guid.Empty);
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
