using BlockList.Agent.Content;
using BlockList.Format;
using BlockList.Format.Names;

namespace BlockList.Agent.Enforcing;

/// <summary>All that an enforcement is derived from.</summary>
/// <param name="Held">The last verified list.</param>
/// <param name="State">What was decided so far; null before the first version.</param>
/// <param name="Steps">From there to the held list, in order.</param>
/// <param name="BackTo">The step from the version that a person went back to, to where the list stands; null without a rollback.</param>
/// <param name="NeverBlock">The provider's own names.</param>
/// <param name="LeaseIsOver">No listing is shown to stand any more, and the provider did not choose to keep them.</param>
/// <param name="Accepted">The version that a person accepts with this run, or null.</param>
/// <param name="MayAdd">The change window is open, there is none, or it does not count now; names may come in force.</param>
internal sealed record EnforcementFacts(
    HeldList Held, EnforcingState? State, IReadOnlyList<Step> Steps, Step? BackTo, IReadOnlyList<DomainName> NeverBlock, bool LeaseIsOver, Serial? Accepted, bool MayAdd);
