using System.Globalization;
using System.Text;

namespace BlockList.Agent.Reporting;

/// <summary>Writes whole lines that begin with their priority (<c>&lt;4&gt;</c>, sd-daemon(3)), so that a journal can be read
/// by what matters in it.</summary>
internal sealed class JournalWriter(TextWriter journal, JournalPriority usual) : TextWriter
{
    /// <summary>Device and inode of the journal's socket, set by systemd (systemd.exec(5)) and inherited by whatever a service starts.</summary>
    private const string Variable = "JOURNAL_STREAM";

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

    /// <summary>Whether a stream of this process goes to the journal itself, and not to a pipe or file of somebody who inherited
    /// the variable: a priority before each line would spoil what a script reads.</summary>
    /// <param name="stream">1 or 2.</param>
    public static bool IsJournal(int stream) =>
        Environment.GetEnvironmentVariable(Variable)?.Split(':') is [_, var inode]
        && new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{stream}")).LinkTarget == $"socket:[{inode}]";

    private static string Prefixed(JournalPriority priority, string text) => $"<{(int)priority}>{text}\n";
}
