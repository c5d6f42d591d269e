using System.Globalization;
using BlockList.Agent.Configuration;

namespace BlockList.Agent.Tests;

/// <summary>When a window is open, and what is no window.</summary>
public sealed class ChangeWindowsTests
{
    // 23 November 2026 is a Monday.
    [Theory]
    [InlineData("mon-fri 02:00-05:00", "2026-11-23T01:59:59Z", "2026-11-23T02:00:00Z")]
    [InlineData("mon-fri 02:00-05:00", "2026-11-23T02:00:00Z", null)]
    [InlineData("mon-fri 02:00-05:00", "2026-11-23T04:59:59Z", null)]
    [InlineData("mon-fri 02:00-05:00", "2026-11-23T05:00:00Z", "2026-11-24T02:00:00Z")]
    [InlineData("mon-fri 02:00-05:00", "2026-11-27T05:00:00Z", "2026-11-30T02:00:00Z")]
    [InlineData("02:00-03:00, 14:30-15:00", "2026-11-23T03:00:30Z", "2026-11-23T14:30:00Z")]
    [InlineData("02:00-03:00, 14:30-15:00", "2026-11-23T14:45:00Z", null)]
    [InlineData("sat,sun 00:00-24:00", "2026-11-27T23:59:59Z", "2026-11-28T00:00:00Z")]
    [InlineData("sat,sun 00:00-24:00", "2026-11-29T23:59:59Z", null)]
    [InlineData("sat,sun 00:00-24:00", "2026-11-30T00:00:00Z", "2026-12-05T00:00:00Z")]
    [InlineData("fri-mon 12:00-13:00", "2026-11-28T13:00:00Z", "2026-11-29T12:00:00Z")]
    [InlineData("fri-mon 12:00-13:00", "2026-11-24T12:30:00Z", "2026-11-27T12:00:00Z")]
    [InlineData("sat 22:00-04:00", "2026-11-29T03:59:59Z", null)]
    [InlineData("sat 22:00-04:00", "2026-11-28T03:00:00Z", "2026-11-28T22:00:00Z")]
    [InlineData("sat 22:00-04:00", "2026-11-29T04:00:00Z", "2026-12-05T22:00:00Z")]
    [InlineData("wed 12:00-24:00", "2026-11-25T23:59:59Z", null)]
    [InlineData("mon-fri 02:00-05:00, sat,sun 00:00-24:00", "2026-11-27T12:00:00Z", "2026-11-28T00:00:00Z")]
    [InlineData("00:00-24:00", "2026-11-23T00:00:00Z", null)]
    [InlineData("mon 02:00-05:00", "2026-11-23T03:00:00+02:00", "2026-11-23T02:00:00Z")]
    public void A_window_opens_and_closes_by_UTC(string text, string now, string? opens)
    {
        var windows = ChangeWindows.Parse(text, out var problem);

        Assert.Null(problem);
        Assert.Equal(opens is null ? null : Time(opens), windows!.OpensAt(Time(now)));
    }

    [Theory]
    [InlineData("always", "\"always\" is no day")]
    [InlineData("mon", "\"mon\" at the end has no hours")]
    [InlineData("mon 02:00-05:00, tue", "\"tue\" at the end has no hours")]
    [InlineData("Mon 02:00-05:00", "\"Mon\" is no day")]
    [InlineData("mon- 02:00-05:00", "\"mon-\" is no day")]
    [InlineData("mon-wed-fri 02:00-05:00", "\"mon-wed-fri\" is no day")]
    [InlineData("mon 2:00-5:00", "\"2:00-5:00\" are no hours")]
    [InlineData("mon 02:00", "\"02:00\" are no hours")]
    [InlineData("mon 02:00-25:00", "\"02:00-25:00\" are no hours")]
    [InlineData("mon 24:00-05:00", "\"24:00-05:00\" are no hours")]
    [InlineData("mon 02:00-02:00", "\"02:00-02:00\" ends as it begins")]
    [InlineData("mon 02:00-02:29", "shorter than 30 minutes")]
    [InlineData("mon 02:00-05:00 UTC", "\"mon 02:00-05:00 UTC\" is no window")]
    [InlineData("mon 02:00-05:00,", "\"\" is no window")]
    [InlineData("mon, 02:00-05:00", "a comma too many")]
    public void What_is_no_window_is_refused_with_what_is_wrong(string text, string says)
    {
        Assert.Null(ChangeWindows.Parse(text, out var problem));

        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
