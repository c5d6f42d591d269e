namespace BlockList.Server.Curation.Importing;

/// <summary>What is wrong with one value of an import file, and what to write instead.</summary>
/// <param name="Line">Line of the file, the header being 1.</param>
/// <param name="Column">Header of the column, or empty for the whole row.</param>
/// <param name="Value">As it stands in the file, cut to 100 characters; control characters are shown as U+FFFD.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Fix">What to do.</param>
internal sealed record ImportError(int Line, string Column, string Value, string Reason, string Fix)
{
    public static string Cut(string value)
    {
        var shown = string.Concat(value.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return shown.Length <= 100 ? shown : shown[..100] + "…";
    }
}
