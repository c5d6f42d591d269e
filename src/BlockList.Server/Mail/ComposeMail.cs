using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BlockList.Server.Mail;

/// <summary>Makes the message of a row: plain text and HTML of the same sentences. The same row gives the same octets, so that a second copy
/// is one and not another mail with the same Message-ID (RFC 5322 section 3.6.4).</summary>
internal sealed partial class ComposeMail(IOptions<MailOptions> options)
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>How each language writes a day.</summary>
    private static readonly Dictionary<string, (string Culture, string Format)> Days = new(StringComparer.Ordinal)
    {
        ["en"] = ("en-GB", "d MMMM yyyy"),
        ["fr"] = ("fr-FR", "d MMMM yyyy"),
        ["es"] = ("es-ES", "d 'de' MMMM 'de' yyyy"),
        ["ar"] = ("ar", "d MMMM yyyy"),
    };

    public MimeMessage Run(ClaimedMail mail)
    {
        var from = MailboxAddress.Parse(options.Value.From);
        var (texts, values) = (MailTexts.In(mail.Language), ValuesOf(mail));
        var subject = Fill(texts[mail.Template].Subject, name => values[name]);
        var paragraphs = texts[mail.Template].Paragraphs.Append(texts[MailTexts.Footer].Subject).Where(paragraph => Value().Matches(paragraph).All(match => values.ContainsKey(match.Groups[1].Value))).ToArray();
        var body = new MultipartAlternative
        {
            Part("plain", mail.Language, string.Join("\n\n", paragraphs.Select(paragraph => Fill(paragraph, name => values[name]))) + "\n"),
            Part("html", mail.Language, Page(mail.Language, subject, paragraphs, values)),
        };
        // No text of ours has such a line.
        body.Boundary = $"=_{mail.MessageId}";
        var message = new MimeMessage(new InternetAddressList { from }, new InternetAddressList { MailboxAddress.Parse(mail.Recipient) }, subject, body)
        {
            MessageId = $"{mail.MessageId}@{from.Domain}",
            // When it was written, to the second; not when a copy of it was sent.
            Date = DateTimeOffset.FromUnixTimeSeconds(mail.WrittenAt.ToUnixTimeSeconds()),
        };
        // Nothing that answers by itself is to answer (RFC 3834 section 5).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("Precedence", "bulk");
        message.Headers.Add("X-Auto-Response-Suppress", "OOF, AutoReply");
        return message;
    }

    private Dictionary<string, string> ValuesOf(ClaimedMail mail)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (mail.Reference is not null) values["reference"] = mail.Reference;
        if (mail.Values.TryGetValue("kind", out var kind)) values["kind"] = kind;
        if (mail.Values.TryGetValue("path", out var path)) values["link"] = options.Value.Site.TrimEnd('/') + path;
        if (mail.Template == MailTemplates.Alarm && options.Value.Pages.Length > 0) values["link"] = options.Value.Pages.TrimEnd('/') + "/alarms";
        if (mail.Values.TryGetValue("until", out var until))
            values["until"] = DateOnly.ParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString(Days[mail.Language].Format, CultureInfo.GetCultureInfo(Days[mail.Language].Culture));
        return values;
    }

    private static TextPart Part(string kind, string language, string text)
    {
        var part = new TextPart(kind);
        // Before it is encoded (RFC 2045 section 6.8).
        part.SetText(Encoding.UTF8, text.ReplaceLineEndings("\r\n"));
        // Said here, so that what a relay can take does not change the octets.
        part.ContentTransferEncoding = language == "ar" ? ContentEncoding.Base64 : ContentEncoding.QuotedPrintable;
        part.Headers.Add(HeaderId.ContentLanguage, language);
        return part;
    }

    /// <summary>Nothing in it is fetched from anywhere.</summary>
    private static string Page(string language, string subject, string[] paragraphs, Dictionary<string, string> values)
    {
        var page = new StringBuilder($"""
            <!DOCTYPE html>
            <html lang="{language}" dir="{(language == "ar" ? "rtl" : "ltr")}">
            <head><meta charset="utf-8"><title>{Html.Encode(subject)}</title></head>
            <body style="font-family: sans-serif; font-size: 1rem; line-height: 1.5">

            """);
        foreach (var paragraph in paragraphs)
            page.Append(CultureInfo.InvariantCulture, $"<p>{Fill(Html.Encode(paragraph), name => Marked(name, Html.Encode(values[name])))}</p>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static string Marked(string name, string value) => name switch
    {
        "link" => $"<a href=\"{value}\" dir=\"ltr\">{value}</a>",
        "until" => value,
        // In a text that runs from right to left it keeps its own direction.
        _ => $"<bdi dir=\"ltr\">{value}</bdi>",
    };

    private static string Fill(string text, Func<string, string> value) => Value().Replace(text, match => value(match.Groups[1].Value));

    [GeneratedRegex("{([a-z]+)}")]
    private static partial Regex Value();
}
