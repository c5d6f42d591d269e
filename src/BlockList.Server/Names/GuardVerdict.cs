using BlockList.Format.Names;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names;

/// <summary>What the never-block guard says of a name that someone wants to list, with the rule that said it. The sentences are
/// made when someone reads them.</summary>
internal abstract record GuardVerdict
{
    private GuardVerdict()
    {
    }

    /// <summary>Why it cannot even be proposed, with this scope; null where it can.</summary>
    public NameProblem? Objection => this switch
    {
        Refuse refuse => refuse.Problem,
        HostOnly narrowed => narrowed.Problem,
        _ => null,
    };

    /// <summary>What is to be known of a name that can be proposed; null where there is nothing.</summary>
    public NameProblem? Caution => this switch
    {
        Warn warn => warn.Problem,
        NeedsOverride needs => needs.Problem,
        _ => null,
    };

    /// <summary>Nothing speaks against it.</summary>
    internal sealed record Clear : GuardVerdict;

    /// <summary>It can be listed; whoever decides should know this.</summary>
    internal sealed record Warn(DomainName Name, SuffixPlace Place, RegisterMatch Match) : GuardVerdict
    {
        public NameProblem Problem => Match.NamesBelow > 0 ? GuardTexts.KnownBelow(Name, Match) : GuardTexts.Dynamic(Name, Place);
    }

    /// <summary>It can be listed with scope <c>host</c> and not with <c>domain</c>.</summary>
    internal sealed record HostOnly(DomainName Name, SuffixPlace Place) : GuardVerdict
    {
        public NameProblem Problem => GuardTexts.HostOnly(Name, Place);
    }

    /// <summary>It can be listed if a second person with the release role overrides each of these sources.</summary>
    internal sealed record NeedsOverride(DomainName Name, RegisterMatch Match) : GuardVerdict
    {
        public NameProblem Problem => GuardTexts.NeedsOverride(Name, Match);
    }

    /// <summary>It can never be listed, whoever signs: a public suffix, or a host that is the system's own or was proven.</summary>
    internal sealed record Refuse(DomainName Name, Scope Scope, SuffixPlace Place, RegisterMatch Match) : GuardVerdict
    {
        /// <summary>The register's, or null for a public suffix.</summary>
        public RegisterSource? Source => Place.Registrable < 0 ? null : Match.Sources.Gravest();

        public NameProblem Problem => Source is null ? GuardTexts.PublicSuffix(Name, Place, Scope) : GuardTexts.NeverListed(Name, Match);
    }
}
