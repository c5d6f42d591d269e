using BlockList.Format.Names;
using BlockList.Server.Access;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Names.Register;

/// <summary>The guard over the register as it stands in the tables: read anew where its revision has moved on, the table of sites
/// only where another list was imported.</summary>
internal sealed partial class CurrentGuard(NpgsqlDataSource database, PublicSuffixes suffixes, IOptions<NamesOptions> options, IOptions<RelyingPartyOptions> relyingParty,
    TimeProvider clock, ILogger<CurrentGuard> logger) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private volatile Loaded? current;

    /// <summary>What everyone who works with names should be told: no list of sites, old rules of suffixes. Usually empty.</summary>
    public async ValueTask<IReadOnlyList<string>> FindWeaknessesAsync(CancellationToken cancellationToken)
    {
        var found = new List<string>();
        if ((await ReadAsync(cancellationToken)).Register.HasNoSites)
            found.Add("No list of the most visited sites is in the never-block register: nothing stops a name that millions use but the people who assess it. A release officer can import one under Register.");
        if (suffixes.Date.AddMonths(options.Value.SuffixMonths) < DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime))
            found.Add($"The public suffix rules are of {suffixes.Date:yyyy-MM-dd}: shared hosting that began since is not known. The operator can install a newer build.");
        return found;
    }

    public async ValueTask<NameGuard> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (current is { } ready && ready.Revision == await RevisionAsync(connection, cancellationToken)) return ready.Guard;
        await gate.WaitAsync(cancellationToken);
        try
        {
            // Read before the rows: a change in between makes the next question read them again.
            var revision = await RevisionAsync(connection, cancellationToken);
            if (current is { } other && other.Revision == revision) return other.Guard;
            var loaded = await LoadAsync(connection, revision, cancellationToken);
            if (loaded.Guard.Register.HasNoSites) Log.NoSites(logger);
            current = loaded;
            return loaded.Guard;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<Loaded> LoadAsync(NpgsqlConnection connection, long revision, CancellationToken cancellationToken)
    {
        var (siteList, file) = await SiteListAsync(connection, cancellationToken);
        var sites = current is { } before && before.File == file ? before.Sites : await SitesAsync(connection, file, cancellationToken);
        var rows = new NameTable.Builder();
        var origins = new List<Guid> { siteList };
        await using (var command = new NpgsqlCommand("select id, source, name from names.row", connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                _ = SourceText.TryParse(reader.GetString(1), out var source);
                rows.Add(reader.GetString(2), source, 0, origins.Count);
                origins.Add(reader.GetGuid(0));
            }
        }
        foreach (var host in options.Value.Hosts) rows.Add(host.Ascii, RegisterSource.Own, 0, 0);
        if (DomainName.TryParseCanonical(relyingParty.Value.RelyingPartyId, out var signing)) rows.Add(signing.Ascii, RegisterSource.Own, 0, 0);
        return new Loaded(revision, file, sites, new NameGuard(suffixes, new NeverBlockRegister(sites, rows.Build(), origins)));
    }

    private async Task<NameTable> SitesAsync(NpgsqlConnection connection, string? file, CancellationToken cancellationToken)
    {
        if (file is null) return NameTable.Empty;
        await using var command = new NpgsqlCommand("select content from names.file where sha256 = $1", connection);
        command.Parameters.AddWithValue(file);
        var content = (byte[]?)await command.ExecuteScalarAsync(cancellationToken) ?? [];
        var builder = new NameTable.Builder(content.Length / 20);
        if (SiteFile.Read(content, builder, 0).Problem is null) return builder.Build();
        // Only whoever writes to the tables past every use case can bring that about. Refusing every question for it would hand
        // them the pages as well; the publisher goes by its own copy and asks again before anything is listed.
        Log.SitesUnreadable(logger, file);
        return NameTable.Empty;
    }

    private static async Task<(Guid Id, string? File)> SiteListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id, file_sha256 from names.site_list", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetGuid(0), reader.GetString(1)) : (Guid.Empty, null);
    }

    private static async Task<long> RevisionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select number from names.revision", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed record Loaded(long Revision, string? File, NameTable Sites, NameGuard Guard);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The never-block register has no list of sites: names that millions visit are guarded by nothing but the people who assess them. A release officer imports one (a file of lines rank,domain) on the page Register.")]
        public static partial void NoSites(ILogger logger);

        [LoggerMessage(LogLevel.Critical, "The list of sites {File} that the never-block register names is missing or is none: someone changed names.decision or names.file past the application. Pages ask without it; the publisher guards with its own copy. Find out who has the login blocklist_curation, then a release officer imports the list anew on the page Register.")]
        public static partial void SitesUnreadable(ILogger logger, string file);
    }
}
