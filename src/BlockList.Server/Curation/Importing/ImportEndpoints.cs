using System.Globalization;
using System.Text;
using BlockList.Server.Access;
using BlockList.Server.Curation.Importing.Pages;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

internal static class ImportEndpoints
{
    /// <summary>Beside the file: the fields, and what divides them.</summary>
    private const int RoomForFields = 64 * 1024;

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("/imports").ForPeople(RoleNames.Curator, RoleNames.Auditor, RoleNames.Oversight);
        readers.MapGet("", ListAsync);
        readers.MapGet("/{id:guid}", ShowAsync);
        readers.MapGet("/{id:guid}/progress", ShowProgressAsync);
        readers.MapGet("/{id:guid}/{kind}.csv", DownloadAsync);

        var curators = routes.MapGroup("/imports").ForPeople(RoleNames.Curator);
        curators.MapGet("/new", ShowFormAsync);
        curators.MapGet("/example.csv", ShowExampleAsync);
        curators.MapPost("/new", UploadAsync).WithMetadata(new UploadLimit(ImportFile.MaximumLength + RoomForFields));
        // A form that was lost with its session comes back at its own address.
        curators.MapGet("/{id:guid}/commit", ShowAsync);
        curators.MapPost("/{id:guid}/commit", CommitAsync);
        curators.MapGet("/{id:guid}/revert", ShowRevertAsync);
        curators.MapPost("/{id:guid}/revert", RevertAsync);
        curators.MapGet("/{id:guid}/discard", (Guid id) => Results.Redirect($"/imports/{id}"));
        curators.MapPost("/{id:guid}/discard", DiscardAsync);
    }

    private static async Task<IResult> ListAsync(PageContext page, ImportPages pages, CancellationToken cancellationToken, Guid? before = null) =>
        await pages.ListAsync(page.Reader, before, cancellationToken);

    private static async Task<IResult> ShowAsync(HttpContext context, PageContext page, ImportPages pages, KeptForms kept, Guid id, CancellationToken cancellationToken, string? show = null, string? q = null, string? kind = null, string? state = null, int after = 0) =>
        await pages.ShowAsync(page.Reader, id, show, RowFilter.Read(q, kind, state, after), new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken)), [], null, cancellationToken);

    /// <summary>The fragment while the work goes on; after that the whole page, anew.</summary>
    private static async Task<IResult> ShowProgressAsync(HttpContext context, PageContext page, ReadImports imports, Guid id, CancellationToken cancellationToken)
    {
        if (await imports.FindAsync(page.Reader, id, cancellationToken) is not { } line) return ImportPages.NotThere();
        if (line.IsAtWork) return PageResult.Of<ImportProgressFragment>(new ImportProgressModel(line));
        context.Response.Headers["HX-Refresh"] = "true";
        return context.Request.Headers.ContainsKey("HX-Request") ? Results.NoContent() : Results.Redirect($"/imports/{id}");
    }

    private static async Task<IResult> ShowFormAsync(HttpContext context, PageContext page, ImportPages pages, KeptForms kept, CancellationToken cancellationToken, string? list = null, string? skip = null)
    {
        var values = new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken));
        if (!values.Any) values = values.With(NewImportModel.ListField, list ?? "").With(NewImportModel.SkipField, skip ?? "");
        return await pages.ShowFormAsync(page.Reader, values, [], null, StatusCodes.Status200OK, cancellationToken);
    }

    private static async Task<IResult> ShowExampleAsync(PageContext page, ReadCriteria criteria, TimeProvider clock, CancellationToken cancellationToken, string? list = null)
    {
        if (!(await criteria.ListsForAsync(page.Reader, cancellationToken)).Contains(list ?? "")) return ImportPages.NotThere();
        var columns = ImportFile.ColumnsOf([.. (await criteria.OfListAsync(list!, cancellationToken)).Decided.Select(c => c.Id)]);
        var seen = clock.GetUtcNow().AddDays(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        string Row(string name, string scope, string reference, string note) => string.Join(',', columns.Select(column => column switch
        {
            "domain" => name,
            "scope" => scope,
            "sighted_at" => seen,
            "reference" => reference,
            "note" => note,
            _ => "met",
        }));
        var text = string.Join("\r\n", string.Join(',', columns), Row("bad.example", "domain", "ICCAM:123456", "\"a note, with a comma\""), Row("host.shared.example", "host", "", "")) + "\r\n";
        return Results.File(Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", $"import-{list}.csv");
    }

    private static async Task<IResult> UploadAsync(HttpContext context, PageContext page, ImportPages pages, UploadImport upload, TimeProvider clock, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var values = new FormValues(KeptForms.FieldsOf(form));
        var file = form.Files.GetFile(NewImportModel.FileField);
        if (file is null or { FileName.Length: 0 }) return await Again("Choose a file.", StatusCodes.Status400BadRequest);
        if (file.Length == 0) return await Again("The file is empty. Choose one with a header line and a row for each name.", StatusCodes.Status400BadRequest);
        if (file.Length > ImportFile.MaximumLength) return await Again("The file is longer than 64 MB. Split it into files that are shorter, each with the header line.", StatusCodes.Status413PayloadTooLarge);
        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(content, cancellationToken);
        var id = ImportPages.IdOf(values, clock);
        var outcome = await upload.RunAsync(new UploadRequest(id, values[NewImportModel.ListField], file.FileName, content, values[NewImportModel.SkipField] == "yes"), page.Reader, cancellationToken);
        if (outcome is UploadOutcome.Refused refused) return await pages.ShowFormAsync(page.Reader, values, [], refused.Reason, StatusCodes.Status409Conflict, cancellationToken);
        if (outcome is UploadOutcome.Accepted accepted) await ImportPages.WaitAsync(accepted.Done, cancellationToken);
        return Results.Redirect($"/imports/{id}");

        Task<IResult> Again(string problem, int status) => pages.ShowFormAsync(page.Reader, values, [new FieldError(NewImportModel.FileField, problem)], null, status, cancellationToken);
    }

    private static async Task<IResult> CommitAsync(HttpContext context, PageContext page, ImportPages pages, ReadImports imports, CommitImport commit, Guid id, CancellationToken cancellationToken)
    {
        var values = new FormValues(KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken)));
        if (await imports.FindAsync(page.Reader, id, cancellationToken) is not { } line) return ImportPages.NotThere();
        if (Confirmation.Find(values[ImportModel.ConfirmField], line.Import.Proposals, ImportModel.ConfirmField, "names you propose") is { } unconfirmed && line.Import.SubmittedAt is null)
            return await pages.ShowAsync(page.Reader, id, null, RowFilter.None, values, [unconfirmed], null, cancellationToken);
        var outcome = await commit.StartAsync(id, FormIds.Of(values), page.Reader, cancellationToken);
        if (outcome is StartOutcome.Refused refused) return await pages.ShowAsync(page.Reader, id, null, RowFilter.None, values, [], refused.Reason, cancellationToken);
        if (outcome is StartOutcome.Started started) await ImportPages.WaitAsync(started.Done, cancellationToken);
        return Results.Redirect($"/imports/{id}");
    }

    private static async Task<IResult> ShowRevertAsync(HttpContext context, PageContext page, ImportPages pages, KeptForms kept, Guid id, CancellationToken cancellationToken, string? only = null, int after = -1) =>
        await pages.ShowRevertAsync(page.Reader, id, only == "kept", after, new FormValues(await kept.FindAsync(context, page.Reader, cancellationToken)), [], null, cancellationToken);

    private static async Task<IResult> RevertAsync(HttpContext context, PageContext page, ImportPages pages, ReadImports imports, ReadFindings findings, RevertImport revert, Guid id, CancellationToken cancellationToken)
    {
        var values = new FormValues(KeptForms.FieldsOf(await context.Request.ReadFormAsync(cancellationToken)));
        if (await imports.FindAsync(page.Reader, id, cancellationToken) is not { } line) return ImportPages.NotThere();
        if (line.Import.State is not (ImportStates.Committed or ImportStates.Reverting)) return Results.Redirect($"/imports/{id}");
        var errors = new List<FieldError>();
        var reason = JudgementFields.ReadNote(values[RevertModel.ReasonField], errors);
        errors = [.. errors.Select(e => e with { Field = RevertModel.ReasonField })];
        if (reason is null && errors.Count == 0) errors.Add(new FieldError(RevertModel.ReasonField, "Say why the import is taken back."));
        var preview = await findings.PreviewRevertAsync(line.Import, onlyKept: false, -1, cancellationToken);
        if (Confirmation.Find(values[ImportModel.ConfirmField], preview.Withdrawn, ImportModel.ConfirmField, "votes you withdraw") is { } unconfirmed) errors.Add(unconfirmed);
        if (errors.Count > 0) return await pages.ShowRevertAsync(page.Reader, id, false, -1, values, errors, null, cancellationToken);
        var outcome = await revert.StartAsync(id, reason!, FormIds.Of(values), page.Reader, cancellationToken);
        if (outcome is StartOutcome.Refused refused) return await pages.ShowRevertAsync(page.Reader, id, false, -1, values, [], refused.Reason, cancellationToken);
        if (outcome is StartOutcome.Started started) await ImportPages.WaitAsync(started.Done, cancellationToken);
        return Results.Redirect($"/imports/{id}");
    }

    private static async Task<IResult> DiscardAsync(PageContext page, ReadImports imports, DiscardImport discard, Guid id, CancellationToken cancellationToken)
    {
        if (await imports.FindAsync(page.Reader, id, cancellationToken) is null) return ImportPages.NotThere();
        await discard.RunAsync(id, page.Reader, cancellationToken);
        return Results.Redirect($"/imports/{id}");
    }

    private static async Task<IResult> DownloadAsync(PageContext page, ReadImports imports, ReadFindings findings, NpgsqlDataSource database, Guid id, string kind, CancellationToken cancellationToken)
    {
        if (!ImportFinding.Kinds.Contains(kind) || await imports.FindAsync(page.Reader, id, cancellationToken) is null) return ImportPages.NotThere();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            await AuditLog.AppendAsync(connection, page.Reader.Person, "import.download", id.ToString(), new() { ["kind"] = kind }, cancellationToken);
        return Results.Stream(async stream =>
        {
            // With a byte order mark: the spreadsheet programs in which this is opened take it for another encoding otherwise.
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            await writer.WriteAsync(FindingsCsv.Header + "\r\n");
            await foreach (var finding in findings.AllAsync(id, kind, cancellationToken)) await writer.WriteAsync(FindingsCsv.Row(finding) + "\r\n");
        }, "text/csv; charset=utf-8", $"import-{kind}-{id:N}.csv");
    }
}
