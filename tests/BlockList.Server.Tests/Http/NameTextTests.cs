using BlockList.Format.Names;
using BlockList.Server.Http.Pages;
using Xunit;

namespace BlockList.Server.Tests.Http;

public sealed class NameTextTests
{
    [Fact]
    public async Task Name_stands_isolated_with_its_scope_in_words_and_is_no_link()
    {
        var html = await Rendered.HtmlOf<NameText>(new() { ["Name"] = "one.example", ["Scope"] = Scope.Host });

        Assert.Contains("""<bdi class="name" dir="ltr">one.example</bdi> """, html, StringComparison.Ordinal);
        Assert.Contains("host only", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href", html, StringComparison.Ordinal);
        Assert.DoesNotContain("unicode", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Internationalised_name_is_shown_as_stored_and_as_people_read_it()
    {
        var html = await Rendered.HtmlOf<NameText>(new() { ["Name"] = "xn--mgbh0fb.example" });

        Assert.Contains(">xn--mgbh0fb.example</bdi>", html, StringComparison.Ordinal);
        Assert.Contains("مثال.example</bdi>", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"scope\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>.example")]
    [InlineData("\" onmouseover=\"alert(1)")]
    [InlineData("</bdi><img src=x onerror=alert(1)>")]
    public async Task Markup_in_place_of_a_name_stays_text(string name)
    {
        var html = await Rendered.HtmlOf<NameText>(new() { ["Name"] = name });

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\" onmouseover", html, StringComparison.Ordinal);
        Assert.Contains(name, System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("safe\u202Egpj.example", "U+202E")]
    [InlineData("a\u2066b.example", "U+2066")]
    [InlineData("a\u200Bb.example", "U+200B")]
    [InlineData("a\u0000b.example", "U+0000")]
    [InlineData("a\u00ADb.example", "U+00AD")]
    public async Task Character_that_nobody_sees_is_shown_by_its_number_in_names_and_in_notes(string text, string number)
    {
        foreach (var html in new[] { await Rendered.HtmlOf<NameText>(new() { ["Name"] = text }), await Rendered.HtmlOf<FreeText>(new() { ["Text"] = text }) })
        {
            var shown = System.Net.WebUtility.HtmlDecode(html);
            Assert.Contains($"""<span class="sign">{number}</span>""", shown, StringComparison.Ordinal);
            Assert.Equal(-1, shown.IndexOfAny(['\u202E', '\u2066', '\u200B', '\0', '\u00AD']));
        }
    }

    [Fact]
    public async Task Note_keeps_its_lines_and_its_own_letters()
    {
        const string Note = "Vu le 3 mai.\n=HYPERLINK(\"x\") נבדק 👩\u200D💻";

        var html = await Rendered.HtmlOf<FreeText>(new() { ["Text"] = Note });

        Assert.Equal($"""<bdi class="free">{Note}</bdi>""", System.Net.WebUtility.HtmlDecode(html).Trim());
    }
}
