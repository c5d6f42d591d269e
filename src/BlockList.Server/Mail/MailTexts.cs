using System.Text;

namespace BlockList.Server.Mail;

/// <summary>The texts of all mails, from <c>Texts/LANGUAGE.txt</c>: after <c>== template</c> a line that is the subject, then
/// paragraphs with blank lines between them. <c>{reference}</c>, <c>{link}</c>, <c>{until}</c> and <c>{kind}</c> are filled in; a paragraph
/// whose value is not given is left out.</summary>
internal static class MailTexts
{
    /// <summary>The section that ends every mail; its first line is all of it.</summary>
    public const string Footer = "footer";

    public static readonly string[] Languages = ["en", "fr", "es", "ar"];

    private static readonly Dictionary<string, Dictionary<string, MailText>> ByLanguage = Languages.ToDictionary(language => language, Read, StringComparer.Ordinal);

    /// <summary>By template, the footer among them.</summary>
    public static IReadOnlyDictionary<string, MailText> In(string language) => ByLanguage[language];

    private static Dictionary<string, MailText> Read(string language)
    {
        using var stream = typeof(MailTexts).Assembly.GetManifestResourceStream($"BlockList.Server.Mail.Texts.{language}.txt")
            ?? throw new InvalidOperationException($"the texts of mails in {language} are not in this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split("== ", StringSplitOptions.RemoveEmptyEntries).Select(section => section.Split('\n', 3))
            .ToDictionary(lines => lines[0].Trim(), lines => new MailText(lines[1].Trim(), [.. lines[2].Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(paragraph => paragraph.Replace('\n', ' '))]), StringComparer.Ordinal);
    }
}

/// <param name="Subject">One line.</param>
/// <param name="Paragraphs">One line each, however many they are in the file.</param>
internal sealed record MailText(string Subject, IReadOnlyList<string> Paragraphs);
