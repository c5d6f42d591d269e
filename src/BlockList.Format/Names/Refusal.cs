namespace BlockList.Format.Names;

/// <summary>The words of every refusal. A <c>listable</c> argument is the name that could be entered, if one was found.</summary>
internal static class Refusal
{
    private const string NameAlone = "Enter the domain name alone, like bad.example.";

    internal static readonly NameProblem Empty = new("empty", "No name was entered.", NameAlone);

    internal static readonly NameProblem Address = new("address",
        "This is an IP address. Only names are listed: an address is shared by many sites and soon belongs to someone else.",
        "Enter the domain name that visitors use, like bad.example.");

    internal static readonly NameProblem Space = new("space",
        "There is a space inside, so this is not one name.", "Enter one name without spaces, like bad.example.");

    internal static readonly NameProblem Punycode = new("punycode",
        "A part that starts with xn-- does not decode to a valid international name, so no browser would look it up.",
        "Copy the name again from where it was seen, or enter it in its own letters, like bücher.example.");

    internal static readonly NameProblem MixedDirection = new("mixed-direction",
        "A part between dots mixes left-to-right and right-to-left writing, or starts with a digit or ends with a sign beside "
        + "right-to-left letters. It could be read as another name, and no browser would look it up.",
        "Copy the name again from where it was seen; each part between dots must read in one direction.");

    internal static NameProblem Url(string? listable) => new("url",
        "This is a link or a path. Lists hold names; what follows the name cannot be listed.", Enter(listable, NameAlone));

    internal static NameProblem Email(string? listable) => new("email",
        "This is an e-mail address, not the name of a site.",
        listable is null ? NameAlone : $"Enter {listable} if the whole domain is meant.");

    internal static NameProblem Port(string? listable) => new("port",
        "A port number follows the name. A listed name covers every port.", Enter(listable, NameAlone));

    internal static NameProblem Wildcard(string? listable) => new("wildcard",
        "Names are listed without *: the scope \"domain\" covers a name and everything below it.",
        listable is null ? "Enter the name without *, like bad.example." : $"Enter {listable} with the scope \"domain\".");

    internal static NameProblem Defanged(string? listable) => new("defanged",
        "The name is written so that it cannot be clicked.", Enter(listable, "Enter the name with plain dots, like bad.example."));

    internal static NameProblem Invisible(string? listable) => new("invisible",
        "There is an invisible character inside, such as a control or direction mark; it often comes along when text is copied.",
        Enter(listable, "Type the name instead of pasting it."));

    internal static NameProblem Underscore(string? listable) => new("underscore",
        "There is an underscore inside. Names of sites have letters, digits and hyphens only.",
        listable is null ? "Check the spelling; often a hyphen is meant."
            : $"Check the spelling, or enter {listable} if everything below it is meant.");

    internal static NameProblem Character(string label) => new("character",
        $"\"{Shown(label)}\" has a sign that names of sites cannot have. They have letters, digits and hyphens only.",
        "Check the spelling, and enter the name alone, like bad.example.");

    internal static NameProblem Hyphen(ReadOnlySpan<char> label) => new("hyphen",
        $"\"{label}\" starts or ends with a hyphen, which no part of a name may.",
        label.Trim('-') is { IsEmpty: false } trimmed ? $"Check the spelling: is \"{trimmed}\" meant?" : NameAlone);

    internal static NameProblem ReservedHyphens(ReadOnlySpan<char> label) => new("reserved-hyphens",
        $"\"{label}\" has two hyphens in the third and fourth place, which is reserved for international names (xn--).",
        "Check the spelling, or copy the name again from where it was seen.");

    internal static NameProblem Unicode(string label) => label.Length >= NameLimits.Label - "xn--".Length
        ? LabelTooLong(label.Length)
        : new("unicode", $"\"{Shown(label)}\" is not a valid part of an international name, so no browser would look it up.",
            "Check the spelling, or enter the form that starts with xn--.");

    internal static NameProblem EmptyLabel(string? listable) => new("empty-label",
        "There is nothing before a dot or between two dots.", Enter(listable, NameAlone));

    internal static NameProblem LabelTooLong(int length) => new("label-too-long",
        $"A part between dots has {length} characters; DNS allows {NameLimits.Label} (counted in the xn-- form).",
        "Check that no dot is missing, or enter a shorter name above it.");

    internal static NameProblem NameTooLong(int length) => new("name-too-long",
        $"The text has {length} characters; a name in DNS has at most {NameLimits.Text}.",
        "Enter one name alone, or a shorter name above it.");

    internal static NameProblem NoRoomForZone(int length) => new("no-room-for-zone",
        $"The name has {length} characters. Resolvers add a zone name to it, which leaves room for {NameLimits.Listable}.",
        "Enter a shorter name above it; as \"domain\" it covers this one.");

    internal static NameProblem SingleLabel(string name) => new("single-label",
        $"\"{name}\" has no dot: it is a top-level domain or a name on a local network, not a site.",
        $"Enter the whole name, like bad.{name}.");

    internal static NameProblem NumericTopLabel(ReadOnlySpan<char> label) => new("numeric-top-label",
        $"The name ends in \"{label}\", a number. No top-level domain is a number; browsers would read it as an address.",
        "Enter the name to its end, like bad.example.");

    private static string Enter(string? listable, string otherwise) => listable is null ? otherwise : $"Enter {listable}.";

    // Rune by rune, so that half a surrogate pair never reaches an output that cannot encode it.
    private static string Shown(string label) => string.Concat(label.EnumerateRunes().Take(NameLimits.Label));
}
