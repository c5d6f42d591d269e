using BlockList.Format.Names;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names;

/// <summary>What the never-block guard says of a name that someone wants to list, with the rule that said it.</summary>
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
    internal sealed record Warn(NameProblem Problem) : GuardVerdict;

    /// <summary>It can be listed with scope <c>host</c> and not with <c>domain</c>.</summary>
    internal sealed record HostOnly(NameProblem Problem) : GuardVerdict;

    /// <summary>It can be listed if a second person with the release role overrides each of these sources.</summary>
    internal sealed record NeedsOverride(NameProblem Problem, RegisterMatch Match) : GuardVerdict;

    /// <summary>It can never be listed, whoever signs.</summary>
    /// <param name="Problem">Why.</param>
    /// <param name="Source">The register's, or null for a public suffix.</param>
    internal sealed record Refuse(NameProblem Problem, RegisterSource? Source) : GuardVerdict;
}
