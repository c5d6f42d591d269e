using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Conformance.Cases;

/// <summary>The few courses that almost every case takes.</summary>
internal static class Shape
{
    public const int Done = 0;
    public const int Network = 3;
    public const int Refused = 4;
    public const int Stale = 5;

    /// <summary>An honest first version comes in force.</summary>
    public static CaseStep Begin(Action<Vector>? arrange = null) => Step("The first version is published", vector =>
    {
        arrange?.Invoke(vector);
        vector.Repository.Publish(NamedList.First.Entries);
    }, Done, NamedList.First);

    public static CaseStep Step(string happens, Action<Vector> arrange, int exit, NamedList inForce) => new(happens, arrange, [exit], inForce);

    /// <summary>The next version is published and nothing is wrong: the second list is in force.</summary>
    public static CaseStep Second(string happens, Action<Vector>? arrange = null) => Step(happens, vector =>
    {
        arrange?.Invoke(vector);
        vector.Repository.Publish(NamedList.Second.Entries);
    }, Done, NamedList.Second);

    /// <summary>Nothing is wrong.</summary>
    public static ConformanceCase Valid(string id, string about, params CaseStep[] steps) => new(id, "valid", about, steps);

    /// <summary>One who signs, or has stolen keys, goes wrong after an honest first version. Where keys and versions are
    /// what is wrong, the attack is tried twice: what a first try leaves in the state must not open the way to a second one.</summary>
    public static ConformanceCase Signed(string group, string id, string wrong, Action<Vector> attack, int exit = Refused, CaseStep? before = null)
    {
        var held = before?.InForce ?? NamedList.First;
        return new ConformanceCase(id, group, wrong,
        [
            Begin(),
            .. before is null ? Array.Empty<CaseStep>() : [before],
            Step(wrong, attack, exit, held),
            .. group is "keys" or "freshness" ? [Step("It is tried again", _ => { }, exit, held)] : Array.Empty<CaseStep>(),
        ]);
    }

    /// <summary>The publisher is honest and the server in between is not, until it is again.</summary>
    public static ConformanceCase Misserved(string group, string id, string wrong, string file, Misserving how, params int[] exit) => new(id, group, wrong,
    [
        Begin(),
        new CaseStep($"The second version is published. {wrong}", vector =>
        {
            vector.Repository.Publish(NamedList.Second.Entries);
            vector.Misserve(file, how);
        }, exit, NamedList.First),
        Step("The server is honest again", vector => vector.ServeHonestly(), Done, NamedList.Second),
    ]);
}
