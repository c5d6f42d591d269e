using System.Globalization;
using System.Text;
using BlockList.Format.Names;

namespace BlockList.Agent.Configuration;

/// <summary>The provider's own names that no list may block: one a line, as people write names, with lines that begin with
/// <c>#</c> or <c>;</c> as remarks. Strict like the rest of the configuration: a name that is passed over in silence is one that
/// was never kept free.</summary>
internal static class NeverBlockFile
{
    /// <exception cref="ConfigurationException">It cannot be read, or a line is no name; the message names every such line.</exception>
    public static IReadOnlyList<DomainName> Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new ConfigurationException($"{path}, which \"neverblock\" names, cannot be read: {problem.Message.TrimEnd('.')}. Nothing was changed. Check that it is a text file and that this user may read it.");
        }
        var (names, problems) = (new List<DomainName>(), new List<string>());
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';') continue;
            if (DomainName.TryParse(line, out var name, out var problem)) names.Add(name);
            else problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{number}: {problem.Message} {problem.Fix}"));
        }
        return problems.Count == 0 ? names : throw new ConfigurationException(problems);
    }
}
