using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using BlockList.Server.Publishing.Ledger;

namespace BlockList.Server.Publishing;

/// <summary>A list as it should be, and the episode that each entry stands on.</summary>
/// <param name="List">What would be published.</param>
/// <param name="Episodes">By entry; empty for a list of test names.</param>
/// <param name="LeftOut">Episodes of entries that the guard refuses although they were decided; they hold nothing else up.</param>
internal sealed record AssembledList(ListFile List, IReadOnlyDictionary<string, Guid> Episodes, IReadOnlyList<Guid> LeftOut);

/// <summary>Computes a list: a pure function of the ledger, the register, the suffix data and an instant.</summary>
internal sealed class AssembleList(NameGuard guard)
{
    public AssembledList Run(LedgerState state, AgencyRegister register, RegisteredList list, DateTimeOffset instant, Serial serial)
    {
        if (list.TestDomain is { } domain) return new AssembledList(TestNames(domain, serial), new Dictionary<string, Guid>(), []);
        var leftOut = new List<Guid>();
        var episodes = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var entries = new List<ListedName>();
        foreach (var episode in state.ListedAt(instant, list, register.AgenciesOf(list)))
        {
            if (guard.Check(episode.Name.Name, episode.Name.Scope) is GuardVerdict.Refuse)
            {
                leftOut.Add(episode.Id);
                continue;
            }
            entries.Add(episode.Name);
            episodes.Add(episode.Name.ToString(), episode.Id);
        }
        return new AssembledList(ListFile.Of(entries), episodes, leftOut);
    }

    /// <summary>The one name of a version, so that every version adds one and removes the one before.</summary>
    private static ListFile TestNames(DomainName domain, Serial serial) =>
        DomainName.TryParseCanonical($"t{serial}.{domain}", out var name)
            ? ListFile.Of([new ListedName(name, Scope.Domain)])
            : throw new InvalidOperationException("the test domain leaves no room for test names");
}
