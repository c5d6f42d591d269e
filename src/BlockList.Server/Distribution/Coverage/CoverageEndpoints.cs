using System.Globalization;
using System.Text.Json;
using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using BlockList.Server.Oversight;
using BlockList.Server.Publishing.Pages;
using Npgsql;

namespace BlockList.Server.Distribution.Coverage;

/// <summary>How far versions have come, for the operator's people; a provider reads its own page with its certificate, see <see cref="SelfEndpoints"/>.</summary>
internal static class CoverageEndpoints
{
    private const int Versions = 30;

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IServiceCollection AddCoverage(this IServiceCollection services) => services.AddSingleton<ReadCoverage>();

    public static void MapCoverage(this IEndpointRouteBuilder routes)
    {
        var coverage = routes.MapGroup("/coverage").ForPeople(RoleNames.ProviderManager, RoleNames.OperatorAdministrator, RoleNames.Auditor);
        coverage.MapGet("", ShowAsync);
        coverage.MapGet("/{list}", ShowListAsync);
        coverage.MapGet("/{list}/providers.csv", DownloadProvidersAsync);
        coverage.MapGet("/{list}/providers.json", DownloadProvidersAsJsonAsync);
        coverage.MapGet("/{list}/versions.csv", DownloadVersionsAsync);
        routes.MapGet("/providers/{id:guid}", ShowProviderAsync).ForPeople(RoleNames.ProviderManager, RoleNames.OperatorAdministrator, RoleNames.Auditor);
    }

    private static async Task<PageResult> ShowAsync(ReadCoverage read, CancellationToken cancellationToken) =>
        PageResult.Of<CoveragePage>(new CoverageModel(await read.ListsAsync(null, cancellationToken)));

    private static async Task<PageResult> ShowListAsync(string list, int? version, string? state, Guid? after, ReadCoverage read, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await read.ListsAsync(list, cancellationToken) is not [var summary]) return NotFound();
        var versions = await read.VersionsAsync(list, Versions, cancellationToken);
        var shown = versions.FirstOrDefault(v => v.Serial == version) ?? (versions.Count > 0 ? versions[0] : null);
        var known = StandingWord.Find(state)?.Id;
        var providers = await read.ProvidersAsync(list, known, after, ReadCoverage.ProvidersOnAPage + 1, cancellationToken);
        return PageResult.Of<CoverageListPage>(new ListCoverageModel(summary, versions, shown,
            shown is null ? [] : await read.CurveAsync(list, shown, cancellationToken), shown is null ? [] : await read.StepsAsync(list, shown, clock.GetUtcNow() - shown.PublishedAt, cancellationToken),
            known, [.. providers.Take(ReadCoverage.ProvidersOnAPage)], after is null, providers.Count > ReadCoverage.ProvidersOnAPage ? providers[ReadCoverage.ProvidersOnAPage - 1].Id : null));
    }

    private static async Task<IResult> DownloadProvidersAsync(string list, string? state, ReadCoverage read, CancellationToken cancellationToken)
    {
        if (await read.ListsAsync(list, cancellationToken) is not [_]) return NotFound();
        var rows = read.AllProvidersAsync(list, StandingWord.Find(state)?.Id, cancellationToken).Select(row => new[]
        {
            row.Id.ToString(), row.Name, string.Join(' ', row.States.Count == 0 ? [StandingWord.Current] : row.States), row.Whole.ToString(CultureInfo.InvariantCulture), Time(row.ContactAt), Time(row.ReceiptAt),
            row.Resolvers.ToString(CultureInfo.InvariantCulture), row.LeftOut.ToString(CultureInfo.InvariantCulture),
        });
        return CsvFile.Of($"coverage-{list}.csv", ["provider_id", "provider", "states", "version", "contact_at", "receipt_at", "resolvers", "left_out"], rows, cancellationToken);
    }

    private static async Task<IResult> DownloadProvidersAsJsonAsync(string list, string? state, ReadCoverage read, CancellationToken cancellationToken) =>
        await read.ListsAsync(list, cancellationToken) is [_]
            ? Results.Stream(stream => JsonSerializer.SerializeAsync(stream, read.AllProvidersAsync(list, StandingWord.Find(state)?.Id, cancellationToken), Snake, cancellationToken), "application/json", $"coverage-{list}.json")
            : NotFound();

    private static async Task<IResult> DownloadVersionsAsync(string list, ReadCoverage read, CancellationToken cancellationToken)
    {
        if (await read.ListsAsync(list, cancellationToken) is not [_]) return NotFound();
        var rows = (await read.VersionsAsync(list, int.MaxValue, cancellationToken)).Select(v => (string[])
        [
            Number(v.Serial), Time(v.PublishedAt), Number(v.Added), Number(v.Removed), v.Urgent ? "1" : "0", Number(v.Whole), Number(v.Freed), Number(v.Providers), .. Seconds(v.Block), .. Seconds(v.Unblock),
        ]);
        return CsvFile.Of($"versions-{list}.csv", ["version", "published_at", "added", "removed", "urgent", "in_force", "freed", "providers", "block_p50", "block_p90", "block_p99", "unblock_p50", "unblock_p90", "unblock_p99"], rows.ToAsyncEnumerable(), cancellationToken);
    }

    /// <summary>Names that a provider leaves out stand on it, so the audit log says who read it, before it is shown.</summary>
    private static async Task<PageResult> ShowProviderAsync(Guid id, PageContext page, NpgsqlDataSource database, ReadCoverage read, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            await AuditLog.AppendAsync(connection, page.Reader.Person, "provider.read", id.ToString(), null, cancellationToken);
        return await read.FactsAsync(id, cancellationToken) is { } facts ? PageResult.Of<ProviderPage>(new ProviderModel(ProviderFacts.Parse(facts), IsOwn: false)) : NotFound();
    }

    private static string[] Seconds(IReadOnlyList<double>? percentiles) =>
        percentiles is null ? ["", "", ""] : [.. percentiles.Select(p => double.IsInfinity(p) ? "not within a day" : Math.Round(p, 3).ToString(CultureInfo.InvariantCulture))];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? at) => at is { } time ? WhenText.Machine(time) : "";

    private static PageResult NotFound() => PageResult.Of<NotFoundPage>(status: StatusCodes.Status404NotFound);
}
