using System.Globalization;
using System.Text;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Importing;

/// <summary>What was said of lines, as a file for the spreadsheet in which the import is mended. What a program there would
/// take for a formula is text, and what would turn the reading direction is shown by its number.</summary>
internal static class FindingsCsv
{
    public const string Header = "line,column,value,reason,fix";

    public static string Row(ImportFinding finding) => string.Join(',',
        finding.Line > 0 ? finding.Line.ToString(CultureInfo.InvariantCulture) : "", Cell(finding.ColumnName), Cell(finding.Value), Cell(finding.Reason), Cell(finding.Fix));

    public static string Cell(string text)
    {
        var shown = new StringBuilder();
        foreach (var piece in VisibleText.Of(text)) shown.Append(piece.IsSign ? $"[{piece.Text}]" : piece.Text);
        // Programs skip spaces before they look for a formula.
        if (shown.ToString().AsSpan().TrimStart() is [var first, ..] && first is '=' or '+' or '-' or '@' or '|' or '%' or '＝' or '＋' or '－' or '＠' or '\t' or '\r' or '\n') shown.Insert(0, '\'');
        return '"' + shown.Replace("\"", "\"\"").ToString() + '"';
    }
}
