namespace BlockList.Server.Names.Register;

/// <summary>Sources as statements, tables and pages write them.</summary>
internal static class SourceText
{
    private static readonly string[] Printed = ["top-sites", "hand", "critical", "proven", "own"];

    public static string Print(RegisterSource source) => Printed[(int)source];

    public static bool TryParse(string? text, out RegisterSource source)
    {
        var index = Array.IndexOf(Printed, text);
        source = index < 0 ? default : (RegisterSource)index;
        return index >= 0;
    }

    public static RegisterSources Flag(this RegisterSource source) => (RegisterSources)(1 << (int)source);

    /// <summary>The gravest of a set that is not empty.</summary>
    public static RegisterSource Gravest(this RegisterSources sources) => (RegisterSource)(7 - byte.LeadingZeroCount((byte)sources));

    /// <summary>The set's members, the gravest first.</summary>
    public static IEnumerable<RegisterSource> Members(this RegisterSources sources) =>
        Enum.GetValues<RegisterSource>().Reverse().Where(source => sources.HasFlag(source.Flag()));
}
