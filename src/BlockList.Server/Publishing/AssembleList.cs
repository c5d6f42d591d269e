using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using BlockList.Server.Publishing.Ledger;

namespace BlockList.Server.Publishing;

/// <summary>A list as it should be, and the episode that each entry stands on.</summary>
/// <param name="List">What would be published.</param>
/// <param name="Episodes">By entry; empty for a list of test names.</param>
/// <param name="Findings">What the guard has against decided entries; those that are left out hold nothing else up.</param>
internal sealed record AssembledList(ListFile List, IReadOnlyDictionary<string, Guid> Episodes, IReadOnlyList<GuardFinding> Findings)
{
    public IReadOnlySet<Guid> LeftOut { get; } = Findings.Where(f => f.IsLeftOut).Select(f => f.Episode).ToHashSet();
}

/// <summary>Computes a list: a pure function of the ledger (the never-block register in it), the suffix data and an instant.</summary>
internal static class AssembleList
{
    public static AssembledList Run(LedgerState state, AgencyRegister register, RegisteredList list, NameGuard guard, DateTimeOffset instant, Serial serial)
    {
        if (list.TestDomain is { } domain) return new AssembledList(TestNames(domain, serial), new Dictionary<string, Guid>(), []);
        var findings = new List<GuardFinding>();
        var episodes = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var entries = new List<ListedName>();
        foreach (var episode in state.ListedAt(instant, list, register.AgenciesOf(list)))
        {
            if (IsLeftOut(episode, guard, findings)) continue;
            entries.Add(episode.Name);
            episodes.Add(episode.Name.ToString(), episode.Id);
        }
        return new AssembledList(ListFile.Of(entries), episodes, findings);
    }

    /// <summary>
    /// The guard holds for additions. What was published before its rule came stays, and is reported, until two people have
    /// said that the rule is to hold: else one row of a register, or of somebody's suffix data, would free an entry. Published
    /// is the episode, by the ledger: that an agency's doubt took it off the list for a while makes it no addition, and that
    /// another episode of the name stood there makes it none the less one.
    /// </summary>
    private static bool IsLeftOut(EpisodeState episode, NameGuard guard, List<GuardFinding> findings)
    {
        var rules = RulesAgainst(episode, guard);
        if (rules.Count == 0) return false;
        var verdict = guard.Check(episode.Name.Name, episode.Name.Scope);
        var isLeftOut = !episode.WasPublished || rules.Any(episode.IsEnforced);
        findings.AddRange(rules.Select(rule => new GuardFinding(episode.Id, rule, isLeftOut, (verdict.Objection ?? verdict.Caution)!.Message)));
        return isLeftOut;
    }

    /// <summary>All that speak against an entry and were not overridden for it, the gravest first: a graver one hides none that was enforced.</summary>
    private static List<string> RulesAgainst(EpisodeState episode, NameGuard guard)
    {
        var (isSuffix, isHostOnly, sources) = guard.Weigh(episode.Name.Name, episode.Name.Scope);
        var rules = new List<string>();
        if (isSuffix) rules.Add(GuardFinding.PublicSuffix);
        if (isHostOnly) rules.Add(GuardFinding.HostOnly);
        rules.AddRange(sources.Members().Select(SourceText.Print).Where(rule => !episode.IsOverridden(rule)));
        return rules;
    }

    /// <summary>The one name of a version, so that every version adds one and removes the one before.</summary>
    private static ListFile TestNames(DomainName domain, Serial serial) =>
        DomainName.TryParseCanonical($"t{serial}.{domain}", out var name)
            ? ListFile.Of([new ListedName(name, Scope.Domain)])
            : throw new InvalidOperationException("the test domain leaves no room for test names");
}
