using System.Text;

namespace BlockList.Agent.Configuration;

/// <summary>
/// A strict INI file: <c>[kind]</c> or <c>[kind name]</c>, <c>key=value</c>, and lines that begin with <c>#</c> or <c>;</c>.
/// No continuation, no quotes, no defaults section. All problems are collected, so that one run shows them all.
/// </summary>
internal sealed class IniFile
{
    private readonly List<string> problems = [];

    private IniFile(string path) => Path = path;

    public string Path { get; }

    public IReadOnlyList<IniSection> Sections { get; private set; } = [];

    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public static IniFile Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"{path} does not exist. Give another file with --config, or let \"blocklist-agent enroll\" write it.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new ConfigurationException($"{path} cannot be read: {problem.Message}. Check that it is a text file and that this user may read it.");
        }
    }

    public static IniFile Parse(string path, string text)
    {
        var file = new IniFile(path);
        var sections = new List<IniSection>();
        List<IniEntry>? entries = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';') continue;
            if (line[0] == '[')
            {
                entries = [];
                if (file.ParseSection(line, number, entries) is { } section) sections.Add(section);
            }
            else
            {
                file.ParseEntry(line, number, entries);
            }
        }
        foreach (var twice in sections.GroupBy(s => s.Title, StringComparer.Ordinal).SelectMany(g => g.Skip(1)))
            file.Problem(twice.Line, $"{twice.Title} stands twice. Put all its settings into one section.");
        file.Sections = sections;
        return file;
    }

    public void Problem(int line, string problem) => problems.Add($"{Path}:{line}: {problem}");

    /// <summary>The one section of a kind without a name; noted as a problem where it is missing.</summary>
    public IniSection? Single(string kind)
    {
        var found = Sections.FirstOrDefault(s => s.Kind == kind);
        if (found is null) problems.Add($"{Path}: there is no section [{kind}]. Add it.");
        return found;
    }

    /// <exception cref="ConfigurationException">There was a problem; the message has all of them.</exception>
    public void RequireNoProblems()
    {
        if (problems.Count > 0) throw new ConfigurationException(problems);
    }

    private IniSection? ParseSection(string line, int number, List<IniEntry> entries)
    {
        var words = line[^1] == ']' ? line[1..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        if (words.Length is 1 or 2) return new IniSection(this, words[0], words.ElementAtOrDefault(1), number, entries);
        Problem(number, $"\"{line}\" is no section. Write [kind] or [kind name].");
        return null;
    }

    private void ParseEntry(string line, int number, List<IniEntry>? entries)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var key = equals > 0 ? line[..equals].TrimEnd() : "";
        if (key.Length == 0 || key.Contains(' ', StringComparison.Ordinal))
            Problem(number, $"\"{line}\" is no setting. Write key=value, or begin the line with # if it is a remark.");
        else if (entries is null)
            Problem(number, $"\"{key}\" stands before the first section. Move it below the section it belongs to.");
        else if (entries.Any(e => e.Key == key))
            Problem(number, $"\"{key}\" stands twice in its section. Remove one of the two lines.");
        else
            entries.Add(new IniEntry(key, line[(equals + 1)..].TrimStart(), number));
    }
}
