using BlockList.Server.Http.Pages;
using Xunit;

namespace BlockList.Server.Tests.Http;

public sealed class WhenTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Time_stands_in_UTC_and_in_the_zone_of_the_reader()
    {
        var html = await Rendered.HtmlOf<When>(new() { ["At"] = Monday }, Rendered.ViewerIn("Europe/Amsterdam"));

        Assert.Equal("""<time datetime="2026-11-23T06:00:00Z">Mon 23 Nov 2026, 06:00 UTC (07:00 your time)</time>""", html.Trim());
    }

    [Theory]
    [InlineData("UTC", "Mon 23 Nov 2026, 06:00 UTC")]
    [InlineData("Africa/Abidjan", "Mon 23 Nov 2026, 06:00 UTC")]
    [InlineData("Asia/Kathmandu", "Mon 23 Nov 2026, 06:00 UTC (11:45 your time)")]
    [InlineData("America/Los_Angeles", "Mon 23 Nov 2026, 06:00 UTC (Sun 22 Nov, 22:00 your time)")]
    [InlineData("Pacific/Kiritimati", "Mon 23 Nov 2026, 06:00 UTC (20:00 your time)")]
    public void Own_time_is_left_out_where_it_is_the_same_and_names_its_day_where_that_is_another(string zone, string expected) =>
        Assert.Equal(expected, WhenText.Full(Monday, TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact]
    public void Summer_time_is_of_the_instant_shown_and_not_of_today()
    {
        var amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

        Assert.EndsWith("(08:00 your time)", WhenText.Full(new(2026, 7, 1, 6, 0, 0, TimeSpan.Zero), amsterdam), StringComparison.Ordinal);
        // The night on which clocks go back: two instants an hour apart read the same in the own time, and never in UTC.
        Assert.Equal("Sun 25 Oct 2026, 00:30 UTC (02:30 your time)", WhenText.Full(new(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), amsterdam));
        Assert.Equal("Sun 25 Oct 2026, 01:30 UTC (02:30 your time)", WhenText.Full(new(2026, 10, 25, 1, 30, 0, TimeSpan.Zero), amsterdam));
    }

    [Fact]
    public void Instant_given_with_an_offset_is_shown_in_UTC() =>
        Assert.Equal("Mon 23 Nov 2026, 06:00 UTC", WhenText.Full(Monday.ToOffset(TimeSpan.FromHours(9)), TimeZoneInfo.Utc));

    [Fact]
    public async Task Short_form_keeps_the_rest_in_its_title()
    {
        var html = await Rendered.HtmlOf<When>(new() { ["At"] = Monday, ["Form"] = WhenForm.Short }, Rendered.ViewerIn("Europe/Amsterdam"));

        Assert.Contains(">23 Nov 2026, 06:00<", html, StringComparison.Ordinal);
        Assert.Contains("title=\"Mon 23 Nov 2026, 06:00 UTC (07:00 your time)\"", html, StringComparison.Ordinal);
    }
}
