namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>The never-block guard in the words of the model: which rules speak against the one name under a scope.</summary>
/// <param name="isShared">The name stands below a company that gives out names: only a host of it can be listed.</param>
internal sealed class GuardModel(bool isShared)
{
    /// <summary>Where a row can stand as seen from the name, and whether it touches the name, and the host alone.</summary>
    public static readonly (string Place, bool TouchesDomain, bool TouchesHost)[] Places =
        [("above", true, true), ("at", true, true), ("below", true, false), ("beside", false, false)];

    public static readonly string[] Sources = ["hand", "critical", "proven"];
    private readonly List<Row> rows = [];

    public IReadOnlyList<Guid> Rows => [.. rows.Select(r => r.Id)];

    /// <summary>The same row twice is none.</summary>
    public void Add(Guid id, int place, string source, Signer by)
    {
        var mayAdd = by.IsReleaseOfficer || (by.IsCurator && source != "proven");
        if (mayAdd && !rows.Exists(r => r.Place == place && r.Source == source)) rows.Add(new Row(id, place, source, by.Person));
    }

    /// <summary>Nobody retires their own row.</summary>
    public void Retire(Guid id, Signer by)
    {
        if (by.IsReleaseOfficer) rows.RemoveAll(r => r.Id == id && r.Person != by.Person);
    }

    public (int Place, string Source)? Find(Guid id) => rows.Find(r => r.Id == id) is { } row ? (row.Place, row.Source) : null;

    public IReadOnlyList<string> RulesAgainst(string scope)
    {
        var rules = rows.Where(r => scope == "host" ? Places[r.Place].TouchesHost : Places[r.Place].TouchesDomain).Select(r => r.Source).Distinct();
        return [.. isShared && scope == "domain" ? rules.Append("host-only") : rules];
    }

    public static bool CanBeOverridden(string rule) => rule is "hand" or "critical";

    private sealed record Row(Guid Id, int Place, string Source, string Person);
}
