using BlockList.Format;
using BlockList.Format.Names;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Curation.Importing;

/// <summary>What staging a file led to.</summary>
internal abstract record StageOutcome
{
    private StageOutcome()
    {
    }

    /// <summary>Every row holds; <paramref name="Import"/> is null after a dry run.</summary>
    internal sealed record Staged(Guid? Import, int Proposals, int Reviews, int Skipped) : StageOutcome;

    /// <summary>Nothing was loaded.</summary>
    internal sealed record Refused(IReadOnlyList<ImportError> Errors) : StageOutcome;
}

/// <summary>Reads an import file and stages its rows as drafts: nothing is decided yet. All rows or none.</summary>
internal sealed class StageImport(IDbContextFactory<BlockListDb> contexts, NameGuard guard, TimeProvider clock)
{
    private const int Chunk = 5000;

    /// <param name="content">The file. It is parsed and dropped; its hash is kept.</param>
    /// <param name="fileName">For people to recognise the import.</param>
    /// <param name="listId">The list.</param>
    /// <param name="personId">Who imports.</param>
    /// <param name="dryRun">Only report, by the same validator.</param>
    /// <param name="skipKnown">Leave out rows that the person's own agency has voted on already, instead of refusing the file.</param>
    /// <param name="progress">Rows looked up so far.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<StageOutcome> RunAsync(byte[] content, string fileName, string listId, string personId, bool dryRun, bool skipKnown, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == personId, cancellationToken)
            ?? throw new CurationException($"There is no person {personId}. Ask your agency's administrator, or check the spelling.");
        if (person.Agency is not { } agency) throw new CurationException($"{person.Name} belongs to no agency. Files are imported by people of an agency.");
        var list = await db.Lists.AsNoTracking().SingleOrDefaultAsync(l => l.Id == listId, cancellationToken);
        if (list?.LeaseMonths is not { } lease) throw new CurationException($"There is no list {listId} that takes proposals.");

        if (await NationalLists.FindObjectionAsync(db, listId, agency, cancellationToken) is { } objection) throw new CurationException(objection);
        var criteria = await PrepareDecisions.CriteriaAsync(db, listId, cancellationToken);

        var file = ImportFile.Read(content, criteria.DecidedByCurator, guard, clock.GetUtcNow(), lease);
        if (file.Errors.Count > 0) return new StageOutcome.Refused(file.Errors);

        var known = await FindOpenAsync(db, listId, lease, clock.GetUtcNow(), agency, file.Rows, progress, cancellationToken);
        var own = file.Rows.Where(r => known.TryGetValue(r.Name, out var votedByOwn) && votedByOwn).ToArray();
        if (own.Length > 0 && !skipKnown)
            return new StageOutcome.Refused([.. own.Select(r => new ImportError(r.Line, "domain", r.Name.Name.Ascii, "Your agency has assessed this name already.", "Take the row out, or import with --skip-known to leave such rows aside."))]);
        var skipped = own.Select(r => r.Line).ToHashSet();
        var rows = file.Rows.Where(r => !skipped.Contains(r.Line)).ToArray();
        var reviews = rows.Count(r => known.ContainsKey(r.Name));
        if (dryRun || rows.Length == 0) return new StageOutcome.Staged(null, rows.Length - reviews, reviews, own.Length);

        var import = new Import
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            List = listId,
            Person = person.Id,
            Agency = agency,
            FileName = fileName.Length <= 200 ? fileName : fileName[..200],
            FileSha256 = Hashes.Sha256(content),
            Rows = rows.Length,
        };
        await StoreAsync(db, import, rows, known, cancellationToken);
        return new StageOutcome.Staged(import.Id, rows.Length - reviews, reviews, own.Length);
    }

    /// <summary>Which of the names have an open episode, and whether the agency has voted in it.</summary>
    private static async Task<Dictionary<ListedName, bool>> FindOpenAsync(BlockListDb db, string list, int leaseMonths, DateTimeOffset now, string agency, IReadOnlyList<ImportRow> rows, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var open = new Dictionary<ListedName, bool>();
        var looked = 0;
        foreach (var chunk in rows.Chunk(Chunk))
        {
            var names = chunk.Select(r => r.Name.Name.Ascii).ToArray();
            var found = await db.Episodes.AsNoTracking().Where(e => e.List == list && e.ClosedAt == null && names.Contains(e.Name))
                .Select(e => new
                {
                    e.Name,
                    e.Scope,
                    Voted = db.Decisions.Any(d => d.EpisodeId == e.Id && d.Agency == agency && d.Kind != "sighting"),
                    Newest = db.Decisions.Where(d => d.EpisodeId == e.Id).Max(d => d.SightedAt),
                })
                .ToListAsync(cancellationToken);
            // A lapsed episode is over, although nothing has closed its row yet.
            foreach (var episode in found.Where(e => e.Newest?.AddMonths(leaseMonths) > now))
            {
                _ = DomainName.TryParseCanonical(episode.Name, out var name);
                open[new ListedName(name!, episode.Scope == "host" ? Scope.Host : Scope.Domain)] = episode.Voted;
            }
            progress?.Report(looked += chunk.Length);
        }
        return open;
    }

    private static async Task StoreAsync(BlockListDb db, Import import, IReadOnlyList<ImportRow> rows, Dictionary<ListedName, bool> known, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var command = new NpgsqlCommand("insert into curation.import (id, list, person, agency, file_name, file_sha256, rows) values ($1, $2, $3, $4, $5, $6, $7)", connection))
        {
            foreach (var value in new object[] { import.Id, import.List, import.Person, import.Agency, import.FileName, import.FileSha256, import.Rows }) command.Parameters.AddWithValue(value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var writer = await connection.BeginBinaryImportAsync(
            "copy curation.draft (import_id, line, name, scope, is_review, sighted_at, verdicts, reference_type, reference_number, note) from stdin (format binary)", cancellationToken))
        {
            foreach (var row in rows)
            {
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(import.Id, NpgsqlDbType.Uuid, cancellationToken);
                await writer.WriteAsync(row.Line, NpgsqlDbType.Integer, cancellationToken);
                await writer.WriteAsync(row.Name.Name.Ascii, NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(row.Name.Scope == Scope.Host ? "host" : "domain", NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(known.ContainsKey(row.Name), NpgsqlDbType.Boolean, cancellationToken);
                await writer.WriteAsync(row.SightedAt, NpgsqlDbType.TimestampTz, cancellationToken);
                await writer.WriteAsync(Draft.Print(row.Verdicts), NpgsqlDbType.Jsonb, cancellationToken);
                foreach (var text in new[] { row.ReferenceType, row.ReferenceNumber, row.Note })
                {
                    if (text is null) await writer.WriteNullAsync(cancellationToken);
                    else await writer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
                }
            }
            await writer.CompleteAsync(cancellationToken);
        }
        await AuditLog.AppendAsync(connection, import.Person, "import.stage", import.Id.ToString(),
            new() { ["list"] = import.List, ["rows"] = import.Rows, ["file_sha256"] = import.FileSha256 }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
