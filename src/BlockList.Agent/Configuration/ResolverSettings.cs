using System.Net;
using BlockList.Agent.Resolvers;

namespace BlockList.Agent.Configuration;

/// <summary>A running resolver.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Type">What it is.</param>
/// <param name="Control">The command that controls it, with its arguments.</param>
/// <param name="Address">Where it answers queries; probes go there.</param>
/// <param name="ChannelAbove">Unbound: a list with more whole names than this goes to it through its control channel.</param>
/// <param name="Settling">How long it may go on answering as before, once it says that a version is loaded.</param>
internal sealed record ResolverSettings(
    string Name, ResolverType Type, IReadOnlyList<string> Control, IPEndPoint Address, int ChannelAbove, TimeSpan Settling)
{
    /// <summary>A zone file of so many names holds up answers for about a second.</summary>
    public const int DefaultChannelAbove = 50_000;
}
