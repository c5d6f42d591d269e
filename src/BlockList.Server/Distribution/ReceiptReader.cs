using System.Buffers;
using System.Text.Json;
using BlockList.Format;
using BlockList.Format.Json;

namespace BlockList.Server.Distribution;

/// <summary>
/// Reads what an agent posts. Exactly the known fields, so that a receipt that means something this server does not
/// know is refused instead of kept by half. A listed name fits in one place alone, where the database looks whether it is on the version.
/// </summary>
internal static class ReceiptReader
{
    public const string Applied = "applied";

    /// <summary>Of the lines of <c>own</c>; a provider that leaves out more says how many.</summary>
    public const int MostLines = 50;

    /// <summary>May be missing: an agent whose root names no log key knows no log. The others after it are of newer agents.</summary>
    private const string Checkpoint = "checkpoint";

    private const string Failed = "failed";
    private const string Held = "held";
    private const string None = "none";
    private const int LongestLine = 254;

    private const int LongestText = 128;
    private const int MostProbes = 64;
    private static readonly string[] Fields = ["list", "version", "sha256", "resolver", "evidence", "probes", "left_out", "agent_version", "clock", Checkpoint, "node", "result", "reason", Held, "waiting", "own"];
    private static readonly string[] CheckpointFields = ["size", "root"];
    private static readonly string[] Kinds = ["dump", "serial", "probe"];
    private static readonly string[] Results = [Applied, Failed, Held, "withdrawn"];
    private static readonly SearchValues<char> NodeCharacters = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> ReasonCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-");
    private static readonly SearchValues<char> LineCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_=");
    private static readonly SearchValues<char> TextCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._+-");
    // Without a dot: what a probe showed, never what was asked.
    private static readonly SearchValues<char> ProbeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-");

    /// <exception cref="MalformedDocumentException">Its message names the field and what belongs there.</exception>
    public static ReadReceipt Read(ReadOnlySpan<byte> body, Guid providerId, string certificateSha256)
    {
        var document = CanonicalJson.Parse(body);
        if (document.ValueKind != JsonValueKind.Object) throw new MalformedDocumentException("The receipt is not a JSON object.");
        if (document.EnumerateObject().FirstOrDefault(f => !Fields.Contains(f.Name, StringComparer.Ordinal)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            throw new MalformedDocumentException($"There is no field \"{Shown(unknown.Name)}\"; the fields are {string.Join(", ", Fields)}.");
        var (logSize, logRoot) = ReadCheckpoint(document);
        var result = Optional(document, "result") is not { } said ? Applied : said.ValueKind == JsonValueKind.String && Results.Contains(said.GetString(), StringComparer.Ordinal) ? said.GetString()! : throw Wrong("result", "one of applied, failed, held, withdrawn");
        var (own, lines) = Own(document);
        return new ReadReceipt(lines, new Receipt
        {
            ProviderId = providerId,
            CertificateSha256 = certificateSha256,
            List = Text(document, "list"),
            Version = Integer(document, "version", 1),
            Sha256 = Text(document, "sha256") is var sha256 && Hashes.IsSha256(sha256) ? sha256 : throw Wrong("sha256", "64 lower-case hexadecimal digits"),
            Resolver = Text(document, "resolver"),
            Evidence = Text(document, "evidence") is var evidence && (Kinds.Contains(evidence, StringComparer.Ordinal) || (evidence == None && result is Failed or Held)) ? evidence : throw Wrong("evidence", "one of dump, serial, probe; none where the result is failed or held"),
            Probes = Probes(document),
            LeftOut = Integer(document, "left_out", 0),
            AgentVersion = Text(document, "agent_version"),
            AgentClock = Timestamp.TryParse(Text(document, "clock", ":"), out var clock) ? clock : throw Wrong("clock", "a time such as 2026-11-21T06:00:00Z"),
            LogSize = logSize,
            LogRoot = logRoot,
            Node = Word(document, "node", 16, 16, NodeCharacters, "16 lower-case hexadecimal digits"),
            Result = result,
            Reason = Word(document, "reason", 1, 32, ReasonCharacters, "1 to 32 letters and hyphens") is var reason && (reason is not null) == (result == Failed) ? reason : throw Wrong("reason", "there where the result is failed, and only there"),
            HeldAdditions = HeldOf(document, "additions"),
            HeldRemovals = HeldOf(document, "removals"),
            Waiting = Optional(document, "waiting") is null ? 0 : Integer(document, "waiting", 0),
            Own = own,
        });
    }

    private static int HeldOf(JsonElement document, string part)
    {
        if (Optional(document, Held) is not { } held) return 0;
        return held.ValueKind == JsonValueKind.Object && held.GetPropertyCount() == 2 && held.TryGetProperty("additions", out _) && held.TryGetProperty("removals", out _)
            && held.GetProperty(part) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw Wrong(Held, "an object with additions and removals, whole numbers from 0; or be left out");
    }

    private static (int Entries, IReadOnlyList<string>? Lines) Own(JsonElement document)
    {
        if (Optional(document, "own") is not { } own) return (0, null);
        return own.ValueKind == JsonValueKind.Object && own.GetPropertyCount() == 2
            && own.TryGetProperty("entries", out var entries) && entries.ValueKind == JsonValueKind.Number && entries.TryGetInt32(out var number)
            && own.TryGetProperty("lines", out var lines) && lines.ValueKind == JsonValueKind.Array && lines.GetArrayLength() is var count && count <= MostLines && count <= number
            && lines.EnumerateArray().All(l => l.ValueKind == JsonValueKind.String && l.GetString() is { Length: > 0 and <= LongestLine } line && !line.AsSpan().ContainsAnyExcept(LineCharacters))
            ? (number, [.. lines.EnumerateArray().Select(l => l.GetString()!)])
            : throw Wrong("own", $"an object with entries, a whole number, and lines, at most {MostLines} entries of the list as list.txt writes them and no more than there are; or be left out");
    }

    private static string? Word(JsonElement document, string field, int shortest, int longest, SearchValues<char> characters, string expected)
    {
        if (Optional(document, field) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length >= shortest && text.Length <= longest && !text.AsSpan().ContainsAnyExcept(characters)
            ? text
            : throw Wrong(field, $"{expected}; or be left out");
    }

    private static JsonElement? Optional(JsonElement document, string field) => document.TryGetProperty(field, out var value) ? value : null;

    private static (long? Size, string? Root) ReadCheckpoint(JsonElement document)
    {
        if (!document.TryGetProperty(Checkpoint, out var checkpoint)) return (null, null);
        return checkpoint.ValueKind == JsonValueKind.Object && checkpoint.EnumerateObject().Select(f => f.Name).Order(StringComparer.Ordinal).SequenceEqual(CheckpointFields.Order(StringComparer.Ordinal))
            && checkpoint.GetProperty("size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt64(out var leaves) && leaves is >= 1 and <= Format.Log.TreeNode.LargestSize
            && checkpoint.GetProperty("root") is { ValueKind: JsonValueKind.String } root && Hashes.IsSha256(root.GetString())
            ? (leaves, root.GetString())
            : throw Wrong(Checkpoint, "an object with size, a whole number from 1, and root, 64 lower-case hexadecimal digits; or be left out");
    }

    private static string Probes(JsonElement document)
    {
        var probes = Required(document, "probes");
        if (probes.ValueKind != JsonValueKind.Object || probes.GetPropertyCount() > MostProbes
            || probes.EnumerateObject().Any(p => !IsText(p.Name, ProbeCharacters) || p.Value.ValueKind != JsonValueKind.String || !IsText(p.Value.GetString()!, ProbeCharacters)))
            throw Wrong("probes", $"an object of at most {MostProbes} texts, each of at most {LongestText} letters, digits, spaces, hyphens and underscores; names of domains do not belong there");
        return probes.GetRawText();
    }

    private static string Text(JsonElement document, string field, string alsoAllowed = "")
    {
        var value = Required(document, field);
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && IsText(alsoAllowed.Length == 0 ? text : text.Replace(alsoAllowed, "", StringComparison.Ordinal), TextCharacters)
            ? text
            : throw Wrong(field, $"a text of 1 to {LongestText} letters, digits, spaces and . _ + -");
    }

    private static bool IsText(string text, SearchValues<char> characters) =>
        text.Length is > 0 and <= LongestText && !text.AsSpan().ContainsAnyExcept(characters);

    private static int Integer(JsonElement document, string field, int minimum) =>
        Required(document, field) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) && number >= minimum
            ? number
            : throw Wrong(field, $"a whole number from {minimum}");

    private static JsonElement Required(JsonElement document, string field) =>
        document.TryGetProperty(field, out var value) ? value : throw new MalformedDocumentException($"The field \"{field}\" is missing.");

    private static MalformedDocumentException Wrong(string field, string expected) => new($"The field \"{field}\" must be {expected}.");

    private static string Shown(string text) => string.Concat(text.Take(LongestText).Where(c => c is >= ' ' and <= '~'));
}

/// <param name="Exceptions">Lines that the provider's own never-block file takes out; null where the agent does not say.</param>
/// <param name="Receipt">The rest.</param>
internal sealed record ReadReceipt(IReadOnlyList<string>? Exceptions, Receipt Receipt);
