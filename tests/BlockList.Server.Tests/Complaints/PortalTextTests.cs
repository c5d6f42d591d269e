using System.Text.RegularExpressions;
using BlockList.Server.Complaints.Public;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>The texts of all languages beside each other.</summary>
public sealed partial class PortalTextTests
{
    /// <summary>The same in several languages for a reason: names, and words that two languages share.</summary>
    private static readonly string[] SharedBy = ["site.name", "site.time", "proof.record.type", "error.prefix"];

    public static TheoryData<string> Others => [.. PortalLanguage.All.Skip(1).Select(language => language.Code)];

    private static PortalLanguage English => PortalLanguage.All[0];

    [Theory]
    [MemberData(nameof(Others))]
    public void Language_has_the_texts_of_english_and_no_others(string code) => Assert.Equal(English.Keys.Order(StringComparer.Ordinal), Of(code).Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Others))]
    public void Language_fills_in_what_english_fills_in(string code)
    {
        var differing = English.Keys.Where(key => !Braces(English[key]).SequenceEqual(Braces(Of(code)[key])));

        Assert.Empty(differing);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void No_text_was_left_in_english(string code) =>
        Assert.DoesNotContain(English.Keys, key => !SharedBy.Contains(key) && English[key] == Of(code)[key] && English[key].Length > 12);

    [Fact]
    public void Arabic_is_written_in_arabic()
    {
        var arabic = Of("ar");

        Assert.DoesNotContain(arabic.Keys, key => key is not ("site.name" or "site.time") && !Arabic().IsMatch(arabic[key]));
    }

    [Fact]
    public void No_text_has_a_name_that_could_be_somebodys() =>
        Assert.Empty(from language in PortalLanguage.All from key in language.Keys from Match match in DottedName().Matches(language[key]) where !match.Value.EndsWith(".example", StringComparison.Ordinal) select $"{language.Code} {key}: {match.Value}");

    [Theory]
    [InlineData("", "en")]
    [InlineData("fr", "fr")]
    [InlineData("fr-CA,en;q=0.8", "fr")]
    [InlineData("de-DE,de;q=0.9,es;q=0.5,en;q=0.4", "es")]
    [InlineData("en;q=0.2,ar-EG;q=0.9", "ar")]
    [InlineData("ar;q=0,de", "en")]
    [InlineData("*", "en")]
    [InlineData("not a header,,;;q=x", "en")]
    [InlineData("frr", "en")]
    public void First_page_is_in_the_language_that_the_browser_likes_best(string header, string expected) => Assert.Equal(expected, PreferredLanguage.Of(header).Code);

    [Fact]
    public void Times_are_in_words_of_the_language_and_in_utc()
    {
        var time = new DateTimeOffset(2026, 11, 23, 6, 5, 0, TimeSpan.FromHours(2));

        Assert.Equal("Mon 23 Nov 2026, 04:05 UTC", English.Time(time));
        Assert.Equal("lun. 23 nov. 2026, 04:05 UTC", Of("fr").Time(time));
        Assert.Contains("2026", Of("ar").Time(time), StringComparison.Ordinal);
        Assert.Contains("نوفمبر", Of("ar").Time(time), StringComparison.Ordinal);
    }

    private static PortalLanguage Of(string code) => PortalLanguage.All.Single(language => language.Code == code);

    private static IEnumerable<string> Braces(string text) => Brace().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{[a-z]*\}")]
    private static partial Regex Brace();

    [GeneratedRegex(@"\p{IsArabic}")]
    private static partial Regex Arabic();

    [GeneratedRegex(@"[\w-]+\.[a-z]{2,}\b", RegexOptions.IgnoreCase)]
    private static partial Regex DottedName();
}
