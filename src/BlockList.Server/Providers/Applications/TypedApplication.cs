using System.Globalization;
using BlockList.Format.Names;
using BlockList.Server.Mail;
using BlockList.Server.Names;

namespace BlockList.Server.Providers.Applications;

/// <summary>What somebody typed who wants to become a provider, as it was typed, and what is wrong with it.</summary>
internal sealed record TypedApplication
{
    public const int MostDomains = 20, MostNetworks = 50;

    /// <summary>Of the form that it came in: the same form sent twice is one application.</summary>
    public required Guid Id { get; init; }

    public string Organisation { get; init; } = "";

    public string Country { get; init; } = "";

    public string Person { get; init; } = "";

    public string Email { get; init; } = "";

    public string Telephone { get; init; } = "";

    public string Networks { get; init; } = "";

    public string Resolvers { get; init; } = "";

    public string Domains { get; init; } = "";

    public bool Agrees { get; init; }

    /// <summary>The address with its domain as it is sent to; null where it is none.</summary>
    public string? Address => Recipient.TryParse(Email, out var recipient) ? recipient.Address : null;

    /// <summary>Numbers of autonomous systems, each once; null where one is none.</summary>
    public long[]? NetworkNumbers
    {
        get
        {
            var parts = Networks.Split([',', ';', ' ', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var numbers = parts.Select(part => uint.TryParse(part.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? part[2..] : part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0L).Distinct().ToArray();
            return numbers.Length is > 0 and <= MostNetworks && !numbers.Contains(0) ? numbers : null;
        }
    }

    /// <summary>A-labels, each once; null where one is no domain.</summary>
    public string[]? DomainNames
    {
        get
        {
            var names = Domains.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(line => DomainName.TryParse(PastedAddress.Reduce(line).Host, out var name, out _) ? name.Ascii : "").Distinct(StringComparer.Ordinal).ToArray();
            return names.Length <= MostDomains && !names.Contains("") ? names : null;
        }
    }

    /// <summary>The first field, in the order of the form, that cannot stay as it is; null where all can.</summary>
    public string? WrongField =>
        !Fits(Organisation, 200) || Guid.TryParse(Organisation, out _) ? "organisation"
        : !Fits(Country, 80) ? "country"
        : !Fits(Person, 200) ? "person"
        : Address is null ? "email"
        : !Fits(Telephone, 60) || Telephone.Count(char.IsAsciiDigit) < 3 ? "telephone"
        : NetworkNumbers is null ? "networks"
        : !Fits(Resolvers, 500) ? "resolvers"
        : DomainNames is null ? "domains"
        : !Agrees ? "agree"
        : null;

    private static bool Fits(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);
}
