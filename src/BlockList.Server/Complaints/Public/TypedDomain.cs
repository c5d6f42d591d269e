using BlockList.Format.Names;
using BlockList.Server.Names;

namespace BlockList.Server.Complaints.Public;

/// <summary>The domain in what somebody typed or pasted.</summary>
/// <param name="Name">Null where there is none.</param>
/// <param name="WasReduced">Something else was cut off: the person is told what is left.</param>
/// <param name="Problem">Key of the sentence that says what is wrong.</param>
internal sealed record TypedDomain(DomainName? Name, bool WasReduced, string? Problem)
{
    private const int LongestTyped = 2000;

    public static TypedDomain Read(string typed)
    {
        if (string.IsNullOrWhiteSpace(typed)) return new TypedDomain(null, false, "error.domain.empty");
        if (typed.Length > LongestTyped) return new TypedDomain(null, false, "error.domain.long");
        var (host, wasReduced) = PastedAddress.Reduce(typed);
        return DomainName.TryParse(host, out var name, out var problem) ? new TypedDomain(name, wasReduced, null) : new TypedDomain(null, false, KeyOf(problem.Code));
    }

    /// <summary>The house says more, in English; here is what helps the owner of a domain.</summary>
    private static string KeyOf(string code) => code switch
    {
        "address" => "error.domain.address",
        "single-label" or "numeric-top-label" => "error.domain.ending",
        "space" or "invisible" => "error.domain.space",
        "label-too-long" or "name-too-long" or "no-room-for-zone" => "error.domain.long",
        _ => "error.domain.other",
    };
}
