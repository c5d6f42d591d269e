using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>An answer of the role, read whole.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Of the answer.</param>
/// <param name="ContentType">Without parameters.</param>
/// <param name="Text">Body as it came.</param>
/// <param name="Document">Body as a browser reads it.</param>
/// <param name="Fault">What the role logged, where it answers that something broke.</param>
internal sealed record Page(HttpStatusCode Status, HttpResponseHeaders Headers, string ContentType, string Text, IHtmlDocument Document, string? Fault)
{
    private static readonly HtmlParser Parser = new();

    public string? Location => Headers.Location?.OriginalString;

    /// <summary>The token in a form of this page.</summary>
    public string? FormToken => Document.QuerySelector("input[name=form-token]")?.GetAttribute("value");

    public string Heading => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";

    /// <summary>What a reader sees of the page's content, white space folded.</summary>
    public string Words => string.Join(' ', (Document.QuerySelector("main") ?? Document.Body)?.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []);

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public static async Task<Page> ReadAsync(HttpResponseMessage response, CapturedLog log)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Page(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType ?? "", text, Parser.ParseDocument(text),
            response.StatusCode == HttpStatusCode.InternalServerError ? log.At(Microsoft.Extensions.Logging.LogLevel.Error).LastOrDefault() : null);
    }

    /// <summary>This page, if it came with the status that was expected.</summary>
    public Page Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"expected {status}, came {Status} {Location}: {Fault ?? (ContentType == "text/html" ? $"{Heading} {Words}" : Text)}");
        return this;
    }
}
