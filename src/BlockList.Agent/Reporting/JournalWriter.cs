using System.Text;

namespace BlockList.Agent.Reporting;

/// <summary>Writes whole lines that begin with their priority (<c>&lt;4&gt;</c>, sd-daemon(3)), so that a journal can be read
/// by what matters in it.</summary>
internal sealed class JournalWriter(TextWriter journal, JournalPriority usual) : TextWriter
{
    /// <summary>Set by systemd where standard output or error goes to the journal.</summary>
    public const string Variable = "JOURNAL_STREAM";

    private readonly StringBuilder line = new();

    public override Encoding Encoding => journal.Encoding;

    public override void Write(char value)
    {
        if (value != '\n')
        {
            line.Append(value);
            return;
        }
        journal.Write(Prefixed(usual, line.ToString()));
        line.Clear();
    }

    public Task WriteAsync(JournalPriority priority, string text) =>
        journal.WriteAsync(string.Concat(text.TrimEnd('\n').Split('\n').Select(one => Prefixed(priority, one))));

    public override void Flush() => journal.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing && line.Length > 0) Write('\n');
        base.Dispose(disposing);
    }

    private static string Prefixed(JournalPriority priority, string text) => $"<{(int)priority}>{text}\n";
}
