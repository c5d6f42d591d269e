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
        var place = Locate(name.Ascii);
        DomainName? registrable = null;
        if (place.Registrable >= 0) _ = DomainName.TryParseCanonical(name.Ascii.AsSpan(place.Registrable), out registrable);
        return new SuffixMatch(name.Ascii[place.Suffix..], place.Section, registrable);
    }

    /// <param name="name">In lower-case A-labels.</param>
    internal SuffixPlace Locate(ReadOnlySpan<char> name)
    {
        var start = name.LastIndexOf('.') + 1;
        var (suffix, section, isDynamic) = (start, SuffixSection.Unlisted, false);
        var (above, isSettled) = (default(SuffixRule), false);
        while (true)
        {
            rules.TryGetValue(name[start..], out var rule);
            if (isSettled)
            {
                // An exception has spoken; only what stands below the name itself is still asked.
            }
            else if (rule.Exception != SuffixSection.Unlisted)
            {
                (suffix, section, isDynamic, isSettled) = (start + name[start..].IndexOf('.') + 1, rule.Exception, false, true);
            }
            else if (rule.Itself != SuffixSection.Unlisted)
            {
                (suffix, section, isDynamic) = (start, rule.Itself, rule.IsDynamic);
            }
            else if (above.Below != SuffixSection.Unlisted)
            {
                (suffix, section, isDynamic) = (start, above.Below, above.IsDynamic);
            }
            if (start == 0)
                return new SuffixPlace(suffix, suffix == 0 ? -1 : name[..(suffix - 1)].LastIndexOf('.') + 1, section, isDynamic, rule.HasBelow || rule.Below != SuffixSection.Unlisted);
            above = rule;
            start = name[..(start - 1)].LastIndexOf('.') + 1;
        }
    }
}
