using System.Net;
using BlockList.Format.Enrolment;

namespace BlockList.Agent.Enrolment;

/// <param name="BundleDirectory">What the operator gave.</param>
/// <param name="ConfigPath">The configuration to write; certificates and key go beside it.</param>
/// <param name="StateDirectory">Where trust is to be kept.</param>
/// <param name="ZoneDirectory">Where zone files go, one for each list.</param>
/// <param name="UnboundControl">The control command with its arguments.</param>
/// <param name="UnboundAddress">Where Unbound answers.</param>
/// <param name="RootSha256">Hashes that came by another way, by list.</param>
/// <param name="Force">Whether a different configuration may be written over.</param>
internal sealed record EnrollRequest(
    string BundleDirectory, string ConfigPath, string StateDirectory, string ZoneDirectory,
    string UnboundControl, IPEndPoint UnboundAddress, IReadOnlyDictionary<string, string> RootSha256, bool Force)
{
    /// <summary>The code that the operator gave; null where the bundle brings certificate and key.</summary>
    public EnrolmentCode? Code { get; init; }
}
