using BlockList.Format.Json;
using Xunit;

namespace BlockList.Format.Tests.Json;

public sealed class TimestampTests
{
    [Theory]
    [InlineData("2026-11-21T06:00:00Z")]
    [InlineData("2024-02-29T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void A_time_is_printed_as_it_was_read(string text)
    {
        Assert.True(Timestamp.TryParse(text, out var time));
        Assert.Equal(TimeSpan.Zero, time.Offset);
        Assert.Equal(text, Timestamp.Format(time));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-11-21T06:00:00.5Z")]
    [InlineData("2026-11-21T06:00:00.000Z")]
    [InlineData("2026-11-21T06:00:00")]
    [InlineData("2026-11-21T06:00:00+00:00")]
    [InlineData("2026-11-21T06:00:00-00:00")]
    [InlineData("2026-11-21T06:00Z")]
    [InlineData("2026-11-21 06:00:00Z")]
    [InlineData("2026-11-21t06:00:00z")]
    [InlineData(" 2026-11-21T06:00:00Z")]
    [InlineData("2026-11-21T06:00:00Z\n")]
    [InlineData("2026-11-21T06:00:00Z\0")]
    [InlineData("2026-11-21T24:00:00Z")]
    [InlineData("2026-12-31T23:59:60Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("26-11-21T06:00:00Z")]
    [InlineData("2026-1-1T6:0:0Z")]
    [InlineData("２０26-11-21T06:00:00Z")]
    [InlineData("1795240800")]
    public void Another_spelling_of_a_time_is_refused(string? text) => Assert.False(Timestamp.TryParse(text, out _));

    [Fact]
    public void Parts_of_a_second_and_other_zones_are_gone_when_printed()
    {
        var time = new DateTimeOffset(2026, 11, 21, 7, 30, 15, 999, TimeSpan.FromHours(1)).AddTicks(9999);

        Assert.Equal("2026-11-21T06:30:15Z", Timestamp.Format(time));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 6, 30, 15, TimeSpan.Zero), Timestamp.Truncate(time));
        Assert.Equal(TimeSpan.Zero, Timestamp.Truncate(time).Offset);
        Assert.Equal(Timestamp.Truncate(time), Timestamp.Truncate(Timestamp.Truncate(time)));
    }
}
