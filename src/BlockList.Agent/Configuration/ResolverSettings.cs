using System.Net;

namespace BlockList.Agent.Configuration;

/// <summary>A running Unbound.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Control">The command that controls it, with its arguments.</param>
/// <param name="Address">Where it answers queries; probes go there.</param>
internal sealed record ResolverSettings(string Name, IReadOnlyList<string> Control, IPEndPoint Address)
{
    /// <summary>The one type so far.</summary>
    public const string Unbound = "unbound";
}
