using System.Globalization;
using BlockList.Format.Names;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names;

/// <summary>The guard's answers in sentences: which rule, what harm, what to do.</summary>
internal static class GuardTexts
{
    public static NameProblem PublicSuffix(DomainName name, SuffixPlace place, Scope scope)
    {
        var suffix = name.Ascii[place.Suffix..];
        var owner = place switch
        {
            { IsDynamic: true } => $"{suffix} belongs to a dynamic DNS service, which gives out the names below it to anyone.",
            { Section: SuffixSection.Icann } => $"{suffix} is a public suffix (ICANN section of the public suffix list): a registry gives out the names below it to people who have nothing to do with each other.",
            _ => $"{suffix} is a public suffix (PRIVATE section of the public suffix list): a company gives out the names below it to people who have nothing to do with each other.",
        };
        var harm = scope == Scope.Domain ? "Listing it would stop all of their sites." : "What stands at the name itself serves them all.";
        return new NameProblem("public-suffix", $"{owner} {harm}", $"Enter the name below it that carries the material, like bad.{suffix}.");
    }

    public static NameProblem NeverListed(DomainName name, RegisterMatch match) => match.Sources.Gravest() == RegisterSource.Own
        ? new NameProblem("own-host", $"{Row(name, match)} is a host of this system. {Harm(name, match)}", "Nothing of this system can be listed, and nobody can override that. Look whether you copied the right name.")
        : new NameProblem("proven-host", $"{Row(name, match)} was shown to be its own by a provider or an agency. {Harm(name, match)}", "Nobody can override that. Speak with its owner; a release officer can retire the row if it was proven wrongly.");

    public static NameProblem NeedsOverride(DomainName name, RegisterMatch match)
    {
        var why = match.Sources.Gravest() switch
        {
            RegisterSource.Critical => "is a service that people depend on",
            RegisterSource.Hand => "was entered in the never-block register",
            _ => string.Create(CultureInfo.InvariantCulture, $"is number {match.Gravest.Rank:N0} of the most visited sites"),
        };
        return new NameProblem("needs-override", $"{Row(name, match)} {why}. {Harm(name, match)}",
            "It can be proposed and assessed, and is published only when a release officer who has not assessed it overrides the register in writing.");
    }

    public static NameProblem HostOnly(DomainName name, SuffixPlace place)
    {
        var suffix = name.Ascii[place.Suffix..];
        return place switch
        {
            { HasSuffixBelow: true } => new NameProblem("suffix-below", $"Public suffixes stand below {name.Ascii}: names there are given out to people who have nothing to do with each other, and scope domain would stop all of them.",
                "Choose scope host, or the name further down that carries the material."),
            { IsDynamic: true } => new NameProblem("dynamic-dns", $"{name.Ascii} is a name of a dynamic DNS service ({suffix}): it can have another owner tomorrow, and names below it can be other people's.",
                $"Choose scope host: it stops {name.Ascii} and nothing else."),
            _ => new NameProblem("shared-hosting", $"{name.Ascii} is a name on shared hosting ({suffix}): the hoster can end it within hours, and names below it can be other people's.",
                $"Choose scope host: it stops {name.Ascii} and nothing else. Tell the hoster too."),
        };
    }

    public static NameProblem KnownBelow(DomainName name, RegisterMatch match) => new("known-below",
        string.Create(CultureInfo.InvariantCulture, $"{Names(match.NamesBelow)} of the never-block register {(match.NamesBelow == 1 ? "lies" : "lie")} below {name.Ascii}, {match.GravestBelow.Name} among them. Scope host does not touch {(match.NamesBelow == 1 ? "it" : "them")}."),
        "Leave the scope at host.");

    public static NameProblem Dynamic(DomainName name, SuffixPlace place) => new("dynamic-dns",
        $"{name.Ascii} is a name of a dynamic DNS service ({name.Ascii[place.Suffix..]}): it can have another owner tomorrow.", "Record a fresh sighting often, and tell the service: it can end the name within hours.");

    /// <summary>The row, seen from the name.</summary>
    private static string Row(DomainName name, RegisterMatch match) => match.Place switch
    {
        RowPlace.Above => $"{match.Gravest.Name}, which {name.Ascii} is a part of,",
        RowPlace.Below => $"{match.Gravest.Name}, which lies below {name.Ascii},",
        _ => match.Gravest.Name,
    };

    private static string Harm(DomainName name, RegisterMatch match) => match.Place == RowPlace.Below && match.NamesBelow > 1
        ? string.Create(CultureInfo.InvariantCulture, $"Scope domain would stop it and {Names(match.NamesBelow - 1)} more of the register.")
        : match.Place == RowPlace.Below ? "Scope domain would stop it."
        : match.Place == RowPlace.Above ? $"Whoever visits it may need {name.Ascii}." : "Listing it would stop it.";

    private static string Names(int count) => count == 1 ? "1 name" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} names");
}
