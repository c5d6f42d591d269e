using System.Globalization;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// Bounds the numbers of targets documents. A number that is signed once is the floor of all that come after, and clients never go
/// back: whoever could have one signed near the end of all numbers would end the list for good, with nothing but a login.
/// </summary>
internal sealed class TargetsNumbers(IOptions<VerifyingOptions> options)
{
    /// <summary>As far as agents let a version jump. Publishers go on from one to the next, and a little further after a restore.</summary>
    private const int MostAhead = 1_000;

    /// <summary>Planted rows that are looked at before the search is given up.</summary>
    private const int MostLooked = 50;

    /// <summary>Why a number is not to be signed, or null.</summary>
    /// <param name="connection">The verifier's.</param>
    /// <param name="list">The list.</param>
    /// <param name="targets">The number.</param>
    /// <param name="highest">The highest that was signed here.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<string?> FindObjectionAsync(NpgsqlConnection connection, string list, int targets, int highest, CancellationToken cancellationToken) =>
        targets - highest <= MostAhead || await IsNearExposedAsync(connection, list, targets, cancellationToken) ? null
            : string.Create(CultureInfo.InvariantCulture, $"targets {targets} is further ahead of {highest}, the last that was signed here, than any publisher goes.");

    /// <summary>While a root named no verifier, the publisher alone went on: its documents tell, by the signatures that they bear.</summary>
    private async Task<bool> IsNearExposedAsync(NpgsqlConnection connection, string list, int targets, CancellationToken cancellationToken)
    {
        var roots = await RootsAsync(connection, list, cancellationToken);
        await using var command = new NpgsqlCommand("""
            select content from publishing.file
            where list = $1 and path like 'tuf/%.targets.json' and substring(path from '^tuf/([0-9]{1,9})[.]targets[.]json$')::integer between $2 - $3 and $2 - 1
            order by substring(path from '^tuf/([0-9]{1,9})[.]targets[.]json$')::integer desc limit $4
            """, connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(targets);
        command.Parameters.AddWithValue(MostAhead);
        command.Parameters.AddWithValue(MostLooked);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Open(reader.GetFieldValue<byte[]>(0), TargetsDocument.Parse) is { } exposed && exposed.Parsed.Version < targets && targets - exposed.Parsed.Version <= MostAhead
                && roots.Exists(root => exposed.Document.CountValid(root.Roles[RoleName.Targets], root.Keys) > 0)) return true;
        }
        return false;
    }

    /// <summary>The roots of a list that bear the signatures of the pinned root holders.</summary>
    private async Task<List<RootDocument>> RootsAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        var holders = PinnedRoots.Load(options.Value.RegisterRoots);
        await using var command = new NpgsqlCommand("select content from publishing.file where list = $1 and path like 'tuf/%.root.json'", connection);
        command.Parameters.AddWithValue(list);
        var roots = new List<RootDocument>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            if (Open(reader.GetFieldValue<byte[]>(0), RootDocument.Parse) is { } root && root.Parsed.List == list && root.Document.ReachesThreshold(holders.Role, holders.Keys)) roots.Add(root.Parsed);
        return roots;
    }

    /// <summary>A file that is none was planted, and says nothing.</summary>
    private static (SignedDocument Document, T Parsed)? Open<T>(byte[] bytes, Func<System.Text.Json.JsonElement, T> parse)
    {
        try
        {
            var document = SignedDocument.Parse(bytes);
            return (document, parse(document.Signed));
        }
        catch (MalformedDocumentException)
        {
            return null;
        }
    }
}
