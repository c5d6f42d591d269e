using System.IO.Compression;
using System.Text;
using BlockList.Format;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Providers.Applications;

/// <summary>What a provider's machine needs besides the code: where to go, the server's authority, the root of each list. No secret.</summary>
internal sealed class MakeBundle(NpgsqlDataSource database, IOptions<BundleOptions> options)
{
    public bool IsPossible => options.Value.IsSet;

    /// <summary>The root in force of each list that has one.</summary>
    public async Task<IReadOnlyList<(string List, byte[] Root)>> RootsAsync(string[] lists, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select list, content from providers.roots($1)");
        command.Parameters.AddWithValue(lists);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var roots = new List<(string, byte[])>();
        while (await reader.ReadAsync(cancellationToken)) roots.Add((reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        return roots;
    }

    /// <summary>Every list that can be granted. Asked of the database: this module does not know lists.</summary>
    public async Task<string[]> ListsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select coalesce(array_agg(id order by id), '{}') from criteria.list");
        return (string[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A ZIP archive with one folder <c>bundle</c>.</summary>
    /// <param name="provider">Its name.</param>
    /// <param name="lists">Those that it may download; one that was never published is left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<byte[]> RunAsync(string provider, string[] lists, CancellationToken cancellationToken)
    {
        var roots = await RootsAsync(lists, cancellationToken);
        var (settings, pin) = (options.Value, options.Value.EnrolmentSha256);
        var ini = $"[bundle]\nserver = {settings.Server}\nenrolment = {settings.Enrolment}\n{(pin.Length > 0 ? $"enrolment-sha256 = {pin}\n" : "")}provider = {OnOneLine(provider)}\nlists = {string.Join(", ", roots.Select(root => root.List))}\n";
        using var output = new MemoryStream();
        await using (var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            await AddAsync(archive, "bundle.ini", Encoding.UTF8.GetBytes(ini), cancellationToken);
            await AddAsync(archive, "ca.pem", await File.ReadAllBytesAsync(settings.Authority, cancellationToken), cancellationToken);
            foreach (var (list, root) in roots) await AddAsync(archive, $"{list}.root.json", root, cancellationToken);
        }
        return output.ToArray();
    }

    /// <summary>As the provider types it: <c>LIST=SHA256</c>.</summary>
    public static string SumOf((string List, byte[] Root) root) => $"{root.List}={Hashes.Sha256(root.Root)}";

    /// <summary>A name with a line break would be a setting of its own.</summary>
    private static string OnOneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static async Task AddAsync(ZipArchive archive, string name, byte[] content, CancellationToken cancellationToken)
    {
        await using var entry = await archive.CreateEntry("bundle/" + name).OpenAsync(cancellationToken);
        await entry.WriteAsync(content, cancellationToken);
    }
}
