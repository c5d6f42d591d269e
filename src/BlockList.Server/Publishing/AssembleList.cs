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
internal sealed record AssembledList(ListFile List, EntryEpisodes Episodes, IReadOnlyList<GuardFinding> Findings)
{
    public IReadOnlySet<Guid> LeftOut { get; } = Findings.Where(f => f.IsLeftOut).Select(f => f.Episode).ToHashSet();
}

/// <summary>Computes a list: a pure function of the ledger (the never-block register in it), the suffix data and an instant.</summary>
internal static class AssembleList
{
    /// <summary>Fewer are not worth another processor.</summary>
    private const int LeastAtOnce = 20_000;

    public static AssembledList Run(LedgerState state, AgencyRegister register, RegisteredList list, NameGuard guard, DateTimeOffset instant, Serial serial)
    {
        using var step = PublishTrace.Start(PublishTrace.Assemble);
        if (list.TestDomain is { } domain) return new AssembledList(TestNames(domain, serial), EntryEpisodes.Empty, []);
        var agencies = register.AgenciesOf(list);
        var (entries, findings) = Choose(state.NewestOf(list), episode => episode.IsListedAt(instant, list, agencies), guard);
        var file = ListFile.Sort(entries, episode => episode.Name);
        return new AssembledList(file, new EntryEpisodes(file, entries), findings);
    }

    /// <summary>Each entry is asked about by itself, so that stretches of a long list are asked about at once.</summary>
    private static (EpisodeState[] Entries, List<GuardFinding> Findings) Choose(EpisodeState[] newest, Func<EpisodeState, bool> isListed, NameGuard guard)
    {
        if (newest.Length < 2 * LeastAtOnce) return ChoosePart(newest, isListed, guard);
        var parts = newest.Chunk((newest.Length / Environment.ProcessorCount) + 1).AsParallel().AsOrdered().Select(part => ChoosePart(part, isListed, guard)).ToArray();
        return ([.. parts.SelectMany(part => part.Entries)], [.. parts.SelectMany(part => part.Findings)]);
    }

    private static (EpisodeState[] Entries, List<GuardFinding> Findings) ChoosePart(EpisodeState[] newest, Func<EpisodeState, bool> isListed, NameGuard guard)
    {
        var findings = new List<GuardFinding>();
        return (Array.FindAll(newest, episode => isListed(episode) && !IsLeftOut(episode, guard, findings)), findings);
    }

    /// <summary>
    /// The guard holds for additions. What was published before its rule came stays, and is reported, until two people have
    /// said that the rule is to hold: else one row of a register, or of somebody's suffix data, would free an entry. Published
    /// is the episode, by the ledger: that an agency's doubt took it off the list for a while makes it no addition, and that
    /// another episode of the name stood there makes it none the less one.
    /// </summary>
    private static bool IsLeftOut(EpisodeState episode, NameGuard guard, List<GuardFinding> findings)
    {
        var (isSuffix, isHostOnly, sources) = guard.Weigh(episode.Name.Name, episode.Name.Scope);
        if (!isSuffix && !isHostOnly && sources == RegisterSources.None) return false;
        var rules = new List<string>();
        if (isSuffix) rules.Add(GuardFinding.PublicSuffix);
        if (isHostOnly) rules.Add(GuardFinding.HostOnly);
        // All that was not overridden, the gravest first: a graver one hides none that was enforced.
        rules.AddRange(sources.Members().Select(SourceText.Print).Where(rule => !episode.IsOverridden(rule)));
        if (rules.Count == 0) return false;
        var verdict = guard.Check(episode.Name.Name, episode.Name.Scope);
        var isLeftOut = !episode.WasPublished || rules.Any(episode.IsEnforced);
        findings.AddRange(rules.Select(rule => new GuardFinding(episode.Id, rule, isLeftOut, (verdict.Objection ?? verdict.Caution)!.Message)));
        return isLeftOut;
    }

    /// <summary>The one name of a version, so that every version adds one and removes the one before.</summary>
    private static ListFile TestNames(DomainName domain, Serial serial) =>
        DomainName.TryParseCanonical($"t{serial}.{domain}", out var name)
            ? ListFile.Of([new ListedName(name, Scope.Domain)])
            : throw new InvalidOperationException("the test domain leaves no room for test names");
}
