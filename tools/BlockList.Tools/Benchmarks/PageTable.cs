namespace BlockList.Tools.Benchmarks;

/// <summary>Every page of the site. A test compares it with what the site maps, so that none is forgotten.</summary>
internal static class PageTable
{
    private const string Entry = "/entries/{handle:guid}";
    private const string Versions = "/lists/{list}/versions";
    private const string Import = "/imports/{id:guid}";
    private const string Coverage = "/coverage/{list}";
    private static readonly string[] Standings = ["current", "behind", "stale", "held", "leaves-out", "differs"];
    private static readonly string[] ImportStates = ["awaiting", "disputed", "eligible", "published", "lapsingsoon", "suspended", "withdrawn", "lapsed", "removed"];
    private static readonly string[] Tabs = ["review", "lapsing", "disputed", "mine", "untold"];
    private static readonly string[] Stages = ["review", "disputed", "eligible", "suspended", "withdrawn", "lapsed", "removed", "declined"];
    private static readonly string[] Agencies = ["no-police", "no-hotline", "nl-hotline", "fr-police"];
    private static readonly string[] CaseTabs = ["listed", "open", "triage", "proven", "decide", "suspended", "late", "oversight", "over"];
    private static readonly string[] Steps = ["sighting", "withdraw", "reference", "notification", "remove", "override", "enforce"];

    public static readonly PageProbe[] All =
    [
        new("/", "", "bram", (_, _) => "/"),
        new("/sign-in", "", null, (_, _) => "/sign-in"),
        new("/development/sign-in", "", null, (_, _) => "/development/sign-in"),

        .. Tabs.Select(tab => new PageProbe("/queue", $"{tab}, bram", "bram", (_, _) => $"/queue?tab={tab}")),
        new("/queue", "to assess, deep in it", "bram", (s, i) => $"/queue?tab=review&after={s.Of("waiting cursor", i)}"),
        new("/queue", "lapsing, deep in it", "bram", (s, i) => $"/queue?tab=lapsing&after={s.Of("lapsing cursor", i)}"),
        new("/queue", "host not told, deep in it", "bram", (s, i) => $"/queue?tab=untold&after={s.Of("subject cursor", i)}"),
        new("/queue", "to assess, one who reads everything", "vera", (s, i) => $"/queue?tab={Tabs[i % 5]}"),
        new("/queue", "host not told, who reads everything, deep", "vera", (s, i) => $"/queue?tab=untold&after={s.Of("subject cursor", i)}"),
        new("/queue", "of the national list", "anna", (_, i) => $"/queue?tab={Tabs[i % 5]}&list=no-national"),
        new("/queue", "guard, release officer", "olav", (_, _) => "/queue?tab=guard"),
        new("/queue/tabs", "", "bram", (_, i) => $"/queue/tabs?tab={Tabs[i % 5]}"),

        new("/entries", "nothing asked", "bram", (_, _) => "/entries"),
        new("/entries", "part that a fifth of all names has", "bram", (_, _) => "/entries?q=forum"),
        new("/entries", "part that all names have", "anna", (_, _) => "/entries?q=.example"),
        new("/entries", "part that one name in thirty has", "bram", (_, _) => "/entries?q=lantern"),
        new("/entries", "part of three letters", "bram", (s, i) => $"/entries?q={s.Of("medium", i)}"),
        new("/entries", "part that one name has", "bram", (s, i) => $"/entries?q={s.Of("rare", i)}"),
        new("/entries", "whole name", "elise", (s, i) => $"/entries?q={s.Of("name", i)}"),
        new("/entries", "part that no name has", "bram", (_, i) => $"/entries?q=qqqqxyzzy{i % 10}"),
        new("/entries", "common part, deep", "bram", (s, i) => $"/entries?q=forum&after={s.Of("name cursor", i)}"),
        new("/entries", "U-label", "bram", (_, i) => "/entries?q=b%C3%BCcher"),
        new("/entries", "reference", "bram", (s, i) => $"/entries?reference={s.Of("reference", i)}"),
        new("/entries", "list, deep", "bram", (s, i) => $"/entries?list=worst-of&after={s.Of("name cursor", i)}"),
        .. Stages.Select(stage => new PageProbe("/entries", $"state {stage}, bram", "bram", (_, _) => $"/entries?state={stage}")),
        new("/entries", "each state, deep, who reads everything", "vera", (s, i) => $"/entries?state={Stages[i % 8]}&after={s.Of("name cursor", i)}"),
        new("/entries", "agency, deep", "vera", (s, i) => $"/entries?agency={Agencies[i % 4]}&after={s.Of("name cursor", i)}"),
        .. Stages.Select(stage => new PageProbe("/entries", $"state {stage} and rare part", "vera", (s, i) => $"/entries?state={stage}&q={s.Of("rare", i)}")),
        new("/entries", "each state and common part", "vera", (_, i) => $"/entries?state={Stages[i % 8]}&q=forum"),
        new("/entries", "each state, agency and part", "vera", (s, i) => $"/entries?state={Stages[i % 8]}&agency={Agencies[i % 4]}&q={s.Of("medium", i)}"),
        new("/entries", "state and part, blind", "elise", (s, i) => $"/entries?state={Stages[i % 8]}&q={s.Of("medium", i)}"),

        new(Entry, "assessed by the viewer's agency", "bram", (s, i) => $"/entries/{s.Of("seen", i)}"),
        new(Entry, "blind", "bram", (s, i) => $"/entries/{s.Of("blind", i)}"),
        new(Entry, "closed", "bram", (s, i) => $"/entries/{s.Of("closed", i)}"),
        new(Entry, "on both lists", "anna", (s, i) => $"/entries/{s.Of("both lists", i)}"),
        new(Entry, "any, who reads everything", "vera", (s, i) => $"/entries/{s.Of("any", i)}"),
        new(Entry, "release officer", "olav", (s, i) => $"/entries/{s.Of("any", i)}"),
        .. Steps.Select(step => new PageProbe($"{Entry}/{step}", "", "bram", (s, i) => $"/entries/{s.Of("seen", i)}/{step}")),
        new(Entry + "/assess", "blind", "bram", (s, i) => $"/entries/{s.Of("blind", i)}/assess?list=worst-of"),
        new(Entry + "/assess", "again", "bram", (s, i) => $"/entries/{s.Of("seen", i)}/assess?list=worst-of"),

        new("/propose", "", "bram", (_, _) => "/propose"),
        new("/propose/verdict", "listed", "bram", (s, i) => $"/propose/verdict?list=worst-of&scope=domain&name={s.Of("name", i)}"),
        new("/propose/verdict", "free", "bram", (_, i) => $"/propose/verdict?list=worst-of&scope=domain&name=free-{i}.example"),

        new("/imports", "", "bram", (_, _) => "/imports"),
        new("/imports", "who reads everything", "vera", (_, _) => "/imports"),
        new("/imports/new", "", "bram", (_, _) => "/imports/new"),
        new("/imports/example.csv", "", "bram", (_, _) => "/imports/example.csv?list=worst-of"),
        new(Import, "committed, deep", "bram", (s, i) => $"/imports/{s.Of("committed import", i)}?after={s.Of("import line", i)}"),
        new(Import, "committed, by state", "bram", (s, i) => $"/imports/{s.Of("committed import", i)}?state={ImportStates[i % 9]}"),
        new(Import, "committed, by part of a name", "bram", (s, i) => $"/imports/{s.Of("committed import", i)}?q={s.Of("medium", i)}"),
        new(Import, "staged", "bram", (s, i) => $"/imports/{s.Of("staged import", i)}?after={i * 19 % 90}"),
        new(Import, "refused", "bram", (s, i) => $"/imports/{s.Of("refused import", i)}?show=error"),
        new(Import + "/progress", "", "bram", (s, i) => $"/imports/{s.Of("staged import", i)}/progress"),
        new(Import + "/commit", "", "bram", (s, i) => $"/imports/{s.Of("staged import", i)}/commit"),
        new(Import + "/discard", "", "bram", (s, i) => $"/imports/{s.Of("staged import", i)}/discard"),
        new(Import + "/revert", "", "bram", (s, i) => $"/imports/{s.Of("own import", i)}/revert"),
        new(Import + "/{kind}.csv", "all lines", "bram", (s, i) => $"/imports/{s.Of("refused import", i)}/error.csv") { IsPage = false },

        new("/register", "", "bram", (_, _) => "/register"),
        new("/register", "a name asked", "bram", (s, i) => $"/register?q={s.Of("name", i)}"),
        new("/hosts", "", "bram", (_, _) => "/hosts"),
        new("/applications", "", "petra", (_, _) => "/applications"),
        new("/applications/{id:guid}/bundle", "none", "petra", (_, _) => "/applications/0199a000-0000-7000-8000-000000000001/bundle") { IsPage = false },
        new("/register/history", "", "vera", (_, _) => "/register/history"),
        new("/register/add", "", "bram", (_, i) => $"/register/add?name=free-{i}.example"),
        new("/register/import", "", "olav", (_, _) => "/register/import"),
        new("/register/rows/{id:guid}", "", "bram", (s, i) => $"/register/rows/{s.Of("register row", i)}"),
        new("/register/import/{sha256}", "", "olav", (s, i) => $"/register/import/{s.Of("register file", i)}"),

        new("/lists", "", "bram", (_, _) => "/lists"),
        new("/lists/{list}", "", "bram", (_, _) => "/lists/worst-of"),
        new(Versions, "", "bram", (s, i) => $"/lists/worst-of/versions?before={s.Of("serial", i)}"),
        new(Versions + "/{serial:int}", "", "bram", (s, i) => $"/lists/worst-of/versions/{s.Of("serial", i)}"),
        new(Versions + "/{serial:int}", "newest", "vera", (_, i) => $"/lists/worst-of/versions/{400 - i % 30}"),
        new(Versions + "/diff", "near", "bram", (_, i) => $"/lists/worst-of/versions/diff?from={320 + i % 70}&to={325 + i % 75}"),
        new(Versions + "/diff", "far", "bram", (_, i) => $"/lists/worst-of/versions/diff?from={i % 200}&to={390 + i % 10}"),
        new(Versions + "/diff", "far, who reads everything", "vera", (_, i) => $"/lists/worst-of/versions/diff?from={i % 200}&to={390 + i % 10}"),
        new(Versions + "/diff", "backwards", "bram", (_, i) => $"/lists/worst-of/versions/diff?from={390 + i % 10}&to={1 + i % 300}"),
        new(Versions + "/diff", "far, deep", "bram", (s, i) => $"/lists/worst-of/versions/diff?from=1&to=400&added={s.Of("change key", i)}&removed={s.Of("change key", i)}"),
        new(Versions + "/diff.csv", "far", "bram", (_, i) => "/lists/worst-of/versions/diff.csv?from=1&to=400") { IsPage = false },
        new(Versions + "/{serial:int}/list.csv", "newest", "bram", (_, _) => "/lists/worst-of/versions/400/list.csv") { IsPage = false },
        new("/lists/{list}/schedule", "", "bram", (_, _) => "/lists/worst-of/schedule"),
        new("/held", "", "pieter", (_, _) => "/held"),
        new("/held/{id:guid}", "", "pieter", (s, i) => $"/held/{s.Of("held version", i)}"),
        new("/held/{id:guid}/change.csv", "", "vera", (s, i) => $"/held/{s.Of("held version", i)}/change.csv") { IsPage = false },
        .. CaseTabs.Select(tab => new PageProbe("/cases", tab, "carlo", (_, _) => $"/cases?tab={tab}")),
        new("/cases/{reference}", "", "carlo", (s, i) => $"/cases/{s.Of("case", i)}"),
        new("/cases/holidays", "", "oscar", (_, _) => "/cases/holidays"),
        new("/alarms", "", "oscar", (_, _) => "/alarms"),
        new("/log", "", "vera", (_, _) => "/log"),
        new("/coverage", "", "petra", (_, _) => "/coverage"),
        new(Coverage, "newest version", "petra", (_, _) => "/coverage/worst-of"),
        new(Coverage, "each version, deep in the providers", "vera", (s, i) => $"/coverage/worst-of?version={400 - i % 30}&after={s.Of("provider", i)}"),
        .. Standings.Select(state => new PageProbe(Coverage, $"providers that are {state}, deep", "petra", (s, i) => $"/coverage/worst-of?state={state}&after={s.Of("provider", i)}")),
        new(Coverage + "/providers.csv", "", "petra", (_, _) => "/coverage/worst-of/providers.csv") { IsPage = false },
        new(Coverage + "/providers.json", "", "petra", (_, _) => "/coverage/worst-of/providers.json") { IsPage = false },
        new(Coverage + "/versions.csv", "", "petra", (_, _) => "/coverage/worst-of/versions.csv") { IsPage = false },
        new("/providers/{id:guid}", "", "petra", (s, i) => $"/providers/{s.Of("provider", i)}"),
        new("/criteria", "", "bram", (_, _) => "/criteria"),
        new("/criteria/{list}/{version:int}", "", "bram", (_, _) => "/criteria/worst-of/1"),

        new("/people", "", "bram", (_, _) => "/people"),
        new("/people", "administrator of the operator", "oscar", (_, _) => "/people"),
        new("/people/{person}", "", "joost", (_, _) => "/people/bram"),
        new("/people/{person}", "administrator of the operator", "oscar", (_, _) => "/people/joost"),
        new("/account", "", "bram", (_, _) => "/account"),
        new("/account/zone", "", "bram", (_, _) => "/account/zone?zone=Europe%2FAmsterdam"),
        new("/invitation/{token}", "", null, (_, _) => "/invitation/invited"),
    ];
}
