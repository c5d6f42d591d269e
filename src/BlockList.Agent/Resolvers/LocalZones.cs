using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// What one list gives Unbound as local zones. A local zone covers its name and everything below, so only whole names
/// may become one; hosts stay in the response policy zone.
/// </summary>
/// <param name="Version">The version that these names are; null for names of two versions, on the way from one to the other.</param>
/// <param name="Names">Whole names.</param>
/// <param name="Action">What is answered for them.</param>
internal sealed record LocalZones(Serial? Version, ListFile Names, PolicyAction Action)
{
    private const string AddressType = "redirect";
    private const int TimeToLive = 300;

    public static LocalZones None { get; } = new(null, ListFile.Empty, PolicyAction.NxDomain);

    /// <summary>Unbound's word for the action (unbound.conf(5), local-zone).</summary>
    public string Type => TypeOf(Action);

    /// <summary>The records that a name has: addresses for <c>redirect</c>, else none.</summary>
    public IEnumerable<string> RecordsOf(string name) =>
        Action.Addresses.Count == 0 ? [] : Action.Records.Select(record => $"{name}. {TimeToLive} {record}");

    /// <summary>The action that a type and the records of one name stand for, or null.</summary>
    public static PolicyAction? ActionOf(string type, IReadOnlyList<string> records)
    {
        if (type == AddressType)
            return PolicyAction.TryParse("address " + string.Join(' ', records.Select(r => r[(r.LastIndexOf(' ') + 1)..])), out var redirect) ? redirect : null;
        return records.Count > 0 ? null : Array.Find([PolicyAction.NxDomain, PolicyAction.NoData, PolicyAction.Drop], a => TypeOf(a) == type);
    }

    private static string TypeOf(PolicyAction action) =>
        action.Addresses.Count > 0 ? AddressType
        : action.Equals(PolicyAction.NoData) ? "always_nodata"
        : action.Equals(PolicyAction.Drop) ? "always_deny"
        : "always_nxdomain";
}
