using System.Net.Sockets;
using BlockList.Agent.Dns;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Resolvers;

/// <summary>What the answer to one name shows. The words stand in receipts.</summary>
internal static class ProbeResult
{
    /// <summary>The action of the list was answered.</summary>
    public const string Blocked = "blocked";

    /// <summary>A policy answered, with another action: of another list, or of the provider's own.</summary>
    public const string Otherwise = "blocked otherwise";

    /// <summary>A listed name has its own data.</summary>
    public const string Open = "open";

    /// <summary>A name that is not listed was answered by no policy.</summary>
    public const string Free = "free";

    /// <summary>A name that this list does not have was answered by a policy: another list may have it.</summary>
    public const string Covered = "covered";

    public const string Inconclusive = "inconclusive";

    /// <param name="answer">What came, or null for silence.</param>
    /// <param name="action">What the list's zone answers.</param>
    /// <param name="byPolicy">Whether the answer shows that a policy made it.</param>
    /// <param name="answersOthers">Whether the resolver answered something else meanwhile, so that silence says something.</param>
    public static string OfListed(DnsAnswer? answer, PolicyAction action, bool byPolicy, bool answersOthers)
    {
        if (answer is null) return action.Equals(PolicyAction.Drop) && answersOthers ? Blocked : Inconclusive;
        if (byPolicy) return IsAction(answer, action) ? Blocked : Otherwise;
        // A name that does not exist anyway, or that has no address, says nothing.
        if (answer.RCode != DnsAnswer.NoError || answer.Addresses.Count == 0) return Inconclusive;
        return action.Addresses.Count > 0 && IsAction(answer, action) ? Blocked : Open;
    }

    public static string OfUnlisted(DnsAnswer? answer, bool byPolicy) =>
        answer is null ? Inconclusive
        : byPolicy ? Covered
        : answer.RCode is DnsAnswer.NoError or DnsAnswer.NameError ? Free
        : Inconclusive;

    private static bool IsAction(DnsAnswer answer, PolicyAction action) =>
        action.Equals(PolicyAction.NxDomain) ? answer.RCode == DnsAnswer.NameError
        : answer.RCode == DnsAnswer.NoError && action.Addresses.Where(a => a.AddressFamily == QuestionFor(action).Family).ToHashSet().SetEquals(answer.Addresses);

    /// <summary>The type to ask for: one that the action has data of.</summary>
    public static (DnsType Type, AddressFamily Family) QuestionFor(PolicyAction action) =>
        action.Addresses.Count > 0 && action.Addresses.All(a => a.AddressFamily == AddressFamily.InterNetworkV6)
            ? (DnsType.Aaaa, AddressFamily.InterNetworkV6)
            : (DnsType.A, AddressFamily.InterNetwork);
}
