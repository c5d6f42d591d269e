using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Conformance;

/// <summary>One thing that happens at the server, one run of the agent, and what both must lead to.</summary>
/// <param name="Happens">What happens, in a sentence without its full stop.</param>
/// <param name="Arrange">Makes it happen.</param>
/// <param name="Exit">The exit codes that are right; several only where the design leaves it open.</param>
/// <param name="InForce">What the resolver must block afterwards, no name more and none less.</param>
internal sealed record CaseStep(string Happens, Action<Vector> Arrange, IReadOnlyList<int> Exit, NamedList InForce)
{
    /// <summary>How long the agent is not run after the arrangement: until something is past its date.</summary>
    public TimeSpan Wait { get; init; }

    public bool Enrols { get; init; }

    /// <summary>The version that a person accepts with this run, or null.</summary>
    public int? Accepts { get; init; }
}
