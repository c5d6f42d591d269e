using System.Globalization;
using BlockList.Format.Names;

namespace BlockList.Server.Names.Register;

/// <summary>The register in words, the same on pages and in commands.</summary>
internal static class RegisterWords
{
    /// <summary>The answer in one line.</summary>
    public static string Answer(GuardVerdict verdict) => verdict switch
    {
        GuardVerdict.Refuse => "Refused: no list can have it",
        GuardVerdict.NeedsOverride => "It needs an override",
        GuardVerdict.HostOnly => "Host only: it can be listed with scope host, and not with scope domain",
        GuardVerdict.Warn => "It can be listed, with a warning",
        _ => "Clear: nothing stands against listing it",
    };

    /// <summary>The answer as one word, for commands.</summary>
    public static string Word(GuardVerdict verdict) => verdict switch
    {
        GuardVerdict.Refuse => "refuse",
        GuardVerdict.NeedsOverride => "needs-override",
        GuardVerdict.HostOnly => "host-only",
        GuardVerdict.Warn => "warn",
        _ => "clear",
    };

    public static NameProblem? Problem(GuardVerdict verdict) => verdict.Objection ?? verdict.Caution;

    /// <summary>The rule that matched.</summary>
    public static string Rule(GuardVerdict verdict, RegisterMatch match) => verdict switch
    {
        GuardVerdict.Clear => "none",
        GuardVerdict.Refuse { Source: null } => "public suffix",
        GuardVerdict.Refuse or GuardVerdict.NeedsOverride => string.Join(", ", match.Sources.Members().Select(Source)),
        _ => Problem(verdict)!.Code switch
        {
            "shared-hosting" => "shared hosting",
            "dynamic-dns" => "dynamic DNS",
            "suffix-below" => "public suffixes below it",
            _ => "known names below it",
        },
    };

    public static string Source(RegisterSource source) => source switch
    {
        RegisterSource.Own => "host of this installation",
        RegisterSource.Proven => "proven by its owner",
        RegisterSource.Critical => "critical service",
        RegisterSource.Hand => "entered by hand",
        _ => "most visited sites",
    };

    /// <summary>The same behind a number of rows.</summary>
    public static string Counted(RegisterSource source, int rows) => source switch
    {
        RegisterSource.Own when rows != 1 => "hosts of this installation",
        RegisterSource.Proven when rows != 1 => "proven by their owners",
        RegisterSource.Critical when rows != 1 => "critical services",
        RegisterSource.TopSites when rows == 1 => "most visited site",
        _ => Source(source),
    };

    /// <summary>What a statement did.</summary>
    public static string Action(RegisterStatement row) => row.Action switch
    {
        "add" => "entered",
        "retire" => "taken out",
        _ => "list imported",
    };

    public static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Number(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{Number(count)} {many}";
}
