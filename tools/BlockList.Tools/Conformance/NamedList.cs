namespace BlockList.Tools.Conformance;

/// <summary>A list that cases speak of, under a name of its own. Every entry lies below <c>example</c>, where each name
/// resolves until it is blocked.</summary>
internal sealed record NamedList(string Name, IReadOnlyList<string> Entries)
{
    /// <summary>Before the first version: nothing is blocked.</summary>
    public static NamedList Nothing { get; } = new("nothing", []);

    /// <summary>Long enough that a delta of a name or two is shorter than half of it.</summary>
    public static NamedList First { get; } = new("first", ["=host.example", .. Enumerable.Range(10, 60).Select(i => $"name-{i}.example")]);

    /// <summary>One name more and one less than <see cref="First"/>.</summary>
    public static NamedList Second { get; } = new("second", [.. First.Entries.Where(e => e != "name-10.example"), "new.example"]);

    public static NamedList Third { get; } = new("third", [.. Second.Entries, "newer.example"]);
}
