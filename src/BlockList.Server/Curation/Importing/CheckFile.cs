using BlockList.Format.Names;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation.Importing;

/// <summary>The one check of an import file: of a dry run, of a staging and of an upload. Writes nothing.</summary>
internal sealed class CheckFile(CurrentGuard guards, PublicSuffixes suffixes, TimeProvider clock)
{
    private const int Chunk = 5000;

    /// <param name="db">To look names up.</param>
    /// <param name="content">The file.</param>
    /// <param name="listId">The list.</param>
    /// <param name="agency">For which it is imported.</param>
    /// <param name="skipKnown">Leave out rows that the agency has voted on already, instead of refusing the file.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="cancellationToken">At any time.</param>
    public async Task<FileCheck> RunAsync(BlockListDb db, byte[] content, string listId, string agency, bool skipKnown, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var list = await db.Lists.AsNoTracking().SingleOrDefaultAsync(l => l.Id == listId, cancellationToken);
        if (list?.LeaseMonths is not { } lease) throw new CurationException($"There is no list {listId} that takes proposals.");
        if (await NationalLists.FindObjectionAsync(db, listId, agency, cancellationToken) is { } objection) throw new CurationException(objection);
        var criteria = await PrepareDecisions.CriteriaAsync(db, listId, cancellationToken);

        var file = ImportFile.Read(content, criteria.DecidedByCurator, await guards.ReadAsync(cancellationToken), clock.GetUtcNow(), lease, progress);
        if (file.Errors.Count > 0) return Refused(file.Errors);

        var open = await FindOpenAsync(db, listId, agency, file.Rows, progress, cancellationToken);
        var skipped = file.Rows.Where(r => open.TryGetValue(r.Name, out var votedByOwn) && votedByOwn).ToArray();
        if (skipped.Length > 0 && !skipKnown)
            return Refused([.. skipped.Select(r => new ImportError(r.Line, "domain", r.Name.Name.Ascii, "Your agency has assessed this name already.", "Take the row out, or choose to skip such names and import the file again."))]);
        var leftAside = skipped.Select(r => r.Line).ToHashSet();
        var rows = leftAside.Count == 0 ? file.Rows : [.. file.Rows.Where(r => !leftAside.Contains(r.Line))];
        return new FileCheck([], rows, open.Keys.ToHashSet(), skipped, FileWarnings.Of(rows, suffixes), criteria.Sha256);

        FileCheck Refused(IReadOnlyList<ImportError> errors) => new(errors, [], new HashSet<ListedName>(), [], [], criteria.Sha256);
    }

    /// <summary>Which of the names have an open episode, and whether the agency has voted in it.</summary>
    private async Task<Dictionary<ListedName, bool>> FindOpenAsync(BlockListDb db, string list, string agency, IReadOnlyList<ImportRow> rows, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var (open, looked, now) = (new Dictionary<ListedName, bool>(), 0, clock.GetUtcNow());
        foreach (var chunk in rows.Chunk(Chunk))
        {
            progress?.Report(new ImportProgress("Looking for names that are known", looked, rows.Count));
            var names = chunk.Select(r => r.Name.Name.Ascii).ToArray();
            // A lapsed episode is over, although nothing may have closed its row yet.
            var found = await db.Episodes.AsNoTracking().Where(e => e.List == list && e.IsCurrent && e.ClosedAt == null && e.LapsesAt > now && names.Contains(e.Name))
                .Select(e => new { e.Name, e.Scope, e.Voters }).ToListAsync(cancellationToken);
            foreach (var episode in found)
            {
                _ = DomainName.TryParseCanonical(episode.Name, out var name);
                open[new ListedName(name!, episode.Scope == "host" ? Scope.Host : Scope.Domain)] = episode.Voters.Split(' ').Contains(agency);
            }
            looked += chunk.Length;
        }
        progress?.Report(new ImportProgress("Looking for names that are known", looked, rows.Count));
        return open;
    }
}
