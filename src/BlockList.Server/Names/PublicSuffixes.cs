using System.Security.Cryptography;
using BlockList.Format.Names;

namespace BlockList.Server.Names;

/// <summary>
/// The rules of the public suffix list, both sections, matched by its published algorithm: the longest rule wins, an
/// exception wins over all, and where no rule matches the top label is the suffix. <c>*.name</c> makes <c>name</c> a
/// suffix too: the data says so, and listing it would stop all that the rule tells apart.
/// </summary>
internal sealed class PublicSuffixes
{
    private static readonly Lazy<PublicSuffixes> FromResource = new(() =>
    {
        using var stream = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("BlockList.Server.Names.suffixes.txt")
            ?? throw new InvalidOperationException("The suffix data is missing from this build.");
        return Load(stream);
    });

    // One probe for each label of a name: what the list says of it, and of the names right below it.
    private readonly Dictionary<string, SuffixRule>.AlternateLookup<ReadOnlySpan<char>> rules;

    private PublicSuffixes(SuffixFile file, string sha256)
    {
        rules = file.Rules.GetAlternateLookup<ReadOnlySpan<char>>();
        Date = file.Date;
        Sha256 = sha256;
    }

    /// <summary>The rules this build was made with.</summary>
    internal static PublicSuffixes BuiltIn => FromResource.Value;

    /// <summary>When the data was published.</summary>
    internal DateOnly Date { get; }

    /// <summary>Of the whole text, lower-case hex: an input of every published version.</summary>
    internal string Sha256 { get; }

    /// <exception cref="InvalidDataException">The text is not suffix data; the message names the line.</exception>
    internal static PublicSuffixes Load(Stream stream)
    {
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        var bytes = buffer.ToArray();
        return new PublicSuffixes(SuffixFile.Parse(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    internal SuffixMatch Find(DomainName name)
    {
        var text = name.Ascii;
        var start = text.LastIndexOf('.') + 1;
        var (suffix, section) = (start, SuffixSection.Unlisted);
        var above = default(SuffixRule);
        while (true)
        {
            rules.TryGetValue(text.AsSpan(start), out var rule);
            if (rule.Exception != SuffixSection.Unlisted)
                return Match(name, text.IndexOf('.', start) + 1, rule.Exception);
            if (rule.Itself != SuffixSection.Unlisted)
                (suffix, section) = (start, rule.Itself);
            else if (above.Below != SuffixSection.Unlisted)
                (suffix, section) = (start, above.Below);
            if (start == 0)
                return Match(name, suffix, section);
            above = rule;
            start = text.LastIndexOf('.', start - 2) + 1;
        }
    }

    private static SuffixMatch Match(DomainName name, int suffix, SuffixSection section)
    {
        DomainName? registrable = null;
        if (suffix > 0)
            _ = DomainName.TryParseCanonical(name.Ascii.AsSpan(name.Ascii.LastIndexOf('.', suffix - 2) + 1), out registrable);
        return new SuffixMatch(name.Ascii[suffix..], section, registrable);
    }
}
