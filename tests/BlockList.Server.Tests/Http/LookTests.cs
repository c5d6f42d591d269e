using System.Text.RegularExpressions;
using BlockList.Server.Http.Pages;
using Xunit;

namespace BlockList.Server.Tests.Http;

public sealed partial class LookTests
{
    [Fact]
    public async Task Every_state_has_its_own_word_beside_an_icon()
    {
        var words = new HashSet<string>();
        foreach (var state in Enum.GetValues<EntryState>())
        {
            var html = await Rendered.HtmlOf<StateBadge>(new() { ["State"] = state, ["Version"] = 41L, ["By"] = "Bo" });

            Assert.Contains("<path d=", html, StringComparison.Ordinal);
            Assert.True(words.Add(Tag().Replace(html, "").Trim()), $"{state} reads like another state");
        }
        Assert.Contains("published in version 41", words);
        Assert.Contains("held by Bo", words);
    }

    [Fact]
    public async Task Page_holds_no_script_or_style_of_its_own_and_loads_only_from_here()
    {
        var html = await Rendered.HtmlOf<Layout>(new() { ["Title"] = "<b>Queue</b>" }, Rendered.ViewerIn("UTC"));

        Assert.DoesNotMatch(InlineCode(), html);
        Assert.All(Source().Matches(html), source => Assert.StartsWith("/", source.Groups["address"].Value, StringComparison.Ordinal));
        foreach (var name in new[] { "app.css", "app.js", "passkeys.js", "htmx.min.js", "icon.svg" })
            Assert.Contains(StaticFiles.Address(name), html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Visitor_sees_neither_navigation_nor_search()
    {
        var html = await Rendered.HtmlOf<Layout>(new() { ["Title"] = "Sign in", ["IsCard"] = true });

        Assert.DoesNotContain("<nav", html, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"q\"", html, StringComparison.Ordinal);
        Assert.Contains("<h1>Sign in</h1>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_of_a_field_is_tied_to_its_input_and_linked_from_the_summary()
    {
        FieldError[] errors = [new("c2", "Choose one.")];

        var choice = await Rendered.HtmlOf<Choice>(new() { ["Id"] = "c2", ["Number"] = 2, ["Errors"] = errors, ["Value"] = "met" });
        var summary = await Rendered.HtmlOf<ErrorSummary>(new() { ["Errors"] = errors });

        Assert.Contains("aria-describedby=\"c2-error\"", choice, StringComparison.Ordinal);
        Assert.Contains("id=\"c2-error\"", choice, StringComparison.Ordinal);
        Assert.Contains("href=\"#c2\"", summary, StringComparison.Ordinal);
        Assert.Contains("id=\"c2\"", choice, StringComparison.Ordinal);
        Assert.Single(Checked().Matches(choice));
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("""<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();

    [GeneratedRegex("""<(script|link|img)[^>]*\s(src|href)="(?<address>[^"]*)""")]
    private static partial Regex Source();

    [GeneratedRegex("""\schecked(=|\s|>)""")]
    private static partial Regex Checked();
}
