using System.Globalization;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>Somebody at the form: fills in one question after the other, with the page that the last one gave.</summary>
internal sealed class Complainant(Browser browser, string language = "en") : IDisposable
{
    public static readonly (string Step, string Value)[] Answers = [("party", "owner"), ("kind", "never"), ("domain", "good.example"), ("text", "We sell bread since 1990."), ("email", "")];

    public Page Page { get; private set; } = null!;

    public string Step => Page.Document.QuerySelector("input[name=at]")?.GetAttribute("value") ?? "";

    public string Error => Page.Document.QuerySelector(".error-summary li")?.TextContent.Trim() ?? "";

    public string Reference => Page.Document.QuerySelector("[data-reference]")?.TextContent ?? "";

    public string Secret => Page.Document.QuerySelector("[data-secret]")?.TextContent ?? "";

    public async Task<Complainant> BeginAsync()
    {
        Page = (await browser.GetAsync($"/{language}/complain")).Expect(HttpStatusCode.OK);
        return this;
    }

    public async Task AnswerAsync(string value, string go = "next") =>
        Page = await browser.SubmitAsync(Page, $"main button[name=go][value='{go}']", (Step, value));

    public async Task PressAsync(string go) => Page = await browser.SubmitAsync(Page, $"button[name=go][value='{go}']:not(.first)");

    /// <summary>The switch of languages.</summary>
    public async Task SwitchAsync(string to) => Page = await browser.SubmitAsync(Page, $".languages button[lang={to}]");

    /// <summary>Up to the look at all answers.</summary>
    public async Task<Complainant> FillAsync(params (string Step, string Value)[] changes)
    {
        await BeginAsync();
        while (Step != "check")
        {
            var step = Step;
            Assert.True(step != "", $"{Page.Status} {Page.Heading} {Page.Fault}");
            await AnswerAsync(changes.Concat(Answers).Append((Step: "since", Value: "2026-01-31")).First(answer => answer.Step == step).Value);
            Assert.True(Error == "", $"{step}: {Error}");
        }
        return this;
    }

    /// <summary>Does the work as a browser with script does, and sends.</summary>
    public async Task<Complainant> SendAsync(string? number = null)
    {
        Page = await browser.SubmitAsync(Page, "#send", ("work", number ?? Work()));
        return this;
    }

    public string Work()
    {
        var field = Page.Document.QuerySelector("input[data-challenge]")!;
        var (challenge, bits) = (field.GetAttribute("data-challenge"), int.Parse(field.GetAttribute("data-bits")!, CultureInfo.InvariantCulture));
        for (var number = 0; ; number++)
        {
            var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{challenge}:{number}")));
            if (BitOperations.LeadingZeroCount(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash)) >= bits) return number.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The status page of the complaint that was just sent.</summary>
    public Task<Page> FollowAsync(string go = "look") => browser.SendAsync(browser.Ours(new HttpRequestMessage(HttpMethod.Post, $"/{language}/status")
    {
        Content = Browser.Encode([("reference", Reference), ("secret", Secret), ("go", go)]),
    }));

    public void Dispose() => browser.Dispose();
}
