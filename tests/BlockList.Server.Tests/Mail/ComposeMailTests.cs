using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using BlockList.Server.Mail;
using Xunit;

namespace BlockList.Server.Tests.Mail;

/// <summary>What arrives, as another parser reads it.</summary>
public sealed partial class ComposeMailTests(MailWorld world) : IClassFixture<MailWorld>
{
    private static readonly string[] Expected =
        ["From", "Date", "Subject", "Message-Id", "To", "MIME-Version", "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "Content-Type"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mail_of_every_language_arrives_as_plain_text_and_html_that_say_the_same()
    {
        await using var relay = await Relay.StartAsync();
        await world.ClearAsync();
        foreach (var language in MailTexts.Languages)
        foreach (var template in MailTemplates.All)
            await world.WriteAsync($"{template}.{language}@people.example", template, language, ValuesOf(template), reference: HasReference(template) ? MailWorld.Reference : null);

        Assert.Equal(56, await world.Worker(relay, options => options.Pages = "https://pages.blocklist.example").RunAsync(Ct));

        Assert.All(relay.Received, mail =>
        {
            var (template, language) = (mail.To[0].Split('.')[0], mail.To[0].Split('.', '@')[1]);
            Assert.Empty(mail.Defects);
            Assert.Equal(Expected.Order(StringComparer.OrdinalIgnoreCase), mail.Headers.Select(header => header[0]).Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
            Assert.Equal(("multipart/alternative", "BlockList <complaints@blocklist.example>", mail.To[0], "auto-generated", "bulk"), (mail.Type, mail["From"], mail["To"], mail["Auto-Submitted"], mail["Precedence"]));
            Assert.Matches(@"^<[0-9a-f]{32}@blocklist\.example>$", mail["Message-Id"]);
            Assert.DoesNotMatch("[^\\x00-\\x7f]", mail.Raw);
            Assert.All(mail.Raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));

            Assert.Equal(["text/plain utf-8", "text/html utf-8"], mail.Parts.Select(part => $"{part.Type} {part.Charset}"));
            Assert.All(mail.Parts, part => Assert.Equal((language == "ar" ? "base64" : "quoted-printable", language), (part.Encoding, part.Language)));
            Assert.Contains(template == MailTemplates.Alarm ? "ledger" : HasReference(template) ? MailWorld.Reference : template.StartsWith("certificate-", StringComparison.Ordinal) ? "2026" : "", mail["Subject"], StringComparison.Ordinal);
            if (language == "ar") Assert.Matches(@"\p{IsArabic}", mail["Subject"]);

            Assert.All(mail.Parts, part => Assert.DoesNotContain("\n", part.Text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal));
            var (plain, page) = (mail.Parts[0].Text.ReplaceLineEndings("\n"), new HtmlParser().ParseDocument(mail.Parts[1].Text));
            Assert.Equal((language, language == "ar" ? "rtl" : "ltr", mail["Subject"]), (page.DocumentElement.GetAttribute("lang"), page.DocumentElement.GetAttribute("dir"), page.Title));
            Assert.Equal(Paragraphs(plain), page.QuerySelectorAll("p").Select(paragraph => paragraph.TextContent));
            Assert.Empty(page.QuerySelectorAll("img, script, link, style, iframe, form"));
            var link = template switch
            {
                MailTemplates.Alarm => "https://pages.blocklist.example/alarms",
                MailTemplates.Overdue or MailTemplates.CertificateMade or MailTemplates.CertificateRenewed or MailTemplates.CertificateEnds or MailTemplates.ApplicationReceived or MailTemplates.ApplicationApproved or MailTemplates.ApplicationRefused => null,
                MailTemplates.Confirm => "https://complaints.blocklist.example/en/confirm/BL-0123456789/Secret_-1",
                _ => "https://complaints.blocklist.example/en/status",
            };
            Assert.Equal(link, page.QuerySelectorAll("a").SingleOrDefault()?.GetAttribute("href"));
            if (link is not null) Assert.Contains(link, plain.Split('\n'));
            // No host but ours, in a language without a dot after a letter that is no end of a sentence.
            Assert.Equal(link is null ? [] : [new Uri(link).Host], HostLike().Matches(plain).Select(match => match.Value).Distinct());
            Assert.DoesNotContain("{", plain, StringComparison.Ordinal);
        });
        Assert.Contains("14 August 2026", TextOf("receipt.en"), StringComparison.Ordinal);
        Assert.Contains("14 août 2026", TextOf("receipt.fr"), StringComparison.Ordinal);
        Assert.Contains("14 de agosto de 2026", TextOf("receipt.es"), StringComparison.Ordinal);
        Assert.Contains("14 أغسطس 2026", TextOf("receipt.ar"), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret_-1", await world.Database.ScalarAsync<string>("select string_agg(coalesce(\"values\"::text, ''), ' ') from mail.message"), StringComparison.Ordinal);

        string TextOf(string name) => relay.ReceivedBy($"{name}@people.example").Single().Parts[0].Text;
    }

    [Fact]
    public async Task Second_copy_after_a_lost_word_is_the_same_octets_with_the_date_of_the_row()
    {
        await using var relay = await Relay.StartAsync();
        await world.ClearAsync();
        await world.WriteAsync("anna@people.example", language: "ar");
        await world.Database.ExecuteAsync("update mail.message set written_at = '2026-03-01 09:30:15.75+00'");
        for (var copy = 0; copy < 2; copy++)
        {
            Assert.Equal(1, await world.Worker(relay).RunAsync(Ct));
            await world.Database.ExecuteAsync("update mail.message set sent_at = null, next_attempt_at = clock_timestamp()");
        }

        Assert.Equal(2, relay.Received.Count);
        Assert.Equal(relay.Received[0].Raw, relay.Received[1].Raw);
        Assert.Contains("\r\nDate: Sun, 01 Mar 2026 09:30:15 +0000\r\n", "\r\n" + relay.Received[0].Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_gets_one_file_for_each_mail()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("mail-").FullName, "mails");
        var options = new MailOptions { From = "complaints@blocklist.example", Site = "http://localhost:18084", Folder = folder };
        await world.ClearAsync();
        await world.WriteAsync("anna@people.example", messageId: "one.of.these");

        var worker = world.Worker(options, new FolderTransport(Microsoft.Extensions.Options.Options.Create(options)));
        Assert.Equal(1, await worker.RunAsync(Ct));

        var text = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder)), Ct);
        Assert.EndsWith("one.of.these.eml", Directory.GetFiles(folder)[0], StringComparison.Ordinal);
        Assert.Contains("Message-Id: <one.of.these@blocklist.example>", text, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public void Languages_have_the_same_texts_with_the_same_values_in_the_same_places()
    {
        Assert.All(MailTexts.Languages, language =>
        {
            var texts = MailTexts.In(language);
            Assert.Equal(MailTemplates.All.Append(MailTexts.Footer).Order(StringComparer.Ordinal), texts.Keys.Order(StringComparer.Ordinal));
            Assert.All(texts, text => Assert.Equal(Shape(MailTexts.In("en")[text.Key]), Shape(text.Value)));
            Assert.All(texts.Values.SelectMany(text => text.Paragraphs.Append(text.Subject)), line => Assert.DoesNotContain(line, c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format));
        });
        // Nothing was left in another language.
        var sentences = MailTexts.Languages.SelectMany(language => MailTexts.In(language).Values).SelectMany(text => text.Paragraphs.Append(text.Subject)).Where(line => line != "{link}").ToArray();
        Assert.Equal(sentences.Length, sentences.Distinct(StringComparer.Ordinal).Count());

        static string Shape(MailText text) => string.Join(" / ", text.Paragraphs.Prepend(text.Subject).Select(line => string.Concat(Placeholder().Matches(line).Select(match => match.Value).Order(StringComparer.Ordinal))));
    }

    private static bool HasReference(string template) => template != MailTemplates.Alarm && !template.StartsWith("certificate-", StringComparison.Ordinal) && !template.StartsWith("application-", StringComparison.Ordinal);

    private static string ValuesOf(string template) => template switch
    {
        MailTemplates.Alarm => """{"kind":"ledger"}""",
        MailTemplates.Overdue or MailTemplates.ApplicationReceived or MailTemplates.ApplicationApproved or MailTemplates.ApplicationRefused => "{}",
        MailTemplates.CertificateMade or MailTemplates.CertificateRenewed or MailTemplates.CertificateEnds => """{"until":"2026-08-14"}""",
        MailTemplates.Confirm => """{"path":"/en/confirm/BL-0123456789/Secret_-1"}""",
        MailTemplates.Receipt or MailTemplates.Question or MailTemplates.AppealReceived => """{"path":"/en/status","until":"2026-08-14"}""",
        _ => """{"path":"/en/status"}""",
    };

    private static string[] Paragraphs(string plain) => plain.Split("\n\n", StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"\p{L}[\p{L}\p{Nd}-]*(\.[\p{L}\p{Nd}-]+)+", RegexOptions.ExplicitCapture)]
    private static partial Regex HostLike();

    [GeneratedRegex("{[a-z]+}")]
    private static partial Regex Placeholder();
}
