using BlockList.Server.Publishing;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

public sealed class PublishingScheduleTests
{
    private static readonly DateTimeOffset Friday = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_next_times_are_those_after_now()
    {
        var schedule = new PublishingSchedule([1, 3, 5, 7], new TimeOnly(6, 0), "UTC", DateTimeOffset.MinValue);
        Assert.Equal([Friday.AddDays(2), Friday.AddDays(3), Friday.AddDays(5), Friday.AddDays(7), Friday.AddDays(9)], schedule.NextSlots(Friday).Take(5));
        Assert.Equal(Friday, schedule.NextSlots(Friday.AddSeconds(-1)).First());
        Assert.All(schedule.NextSlots(Friday).Take(5), slot => Assert.Equal(slot, schedule.NewestSlot(slot)));
    }

    [Fact]
    public void None_comes_before_the_schedule_is_active() =>
        Assert.Equal(Friday.AddDays(14), new PublishingSchedule([5], new TimeOnly(6, 0), "UTC", Friday.AddDays(8)).NextSlots(Friday).First());

    [Fact]
    public void A_local_time_keeps_its_hour_when_the_clocks_change()
    {
        var schedule = new PublishingSchedule([1, 2, 3, 4, 5, 6, 7], new TimeOnly(2, 30), "Europe/Oslo", DateTimeOffset.MinValue);
        // 2027-03-28 has no 02:30 there; it is moved on by what the clocks skip.
        Assert.Equal(["27 01:30", "28 01:30", "29 00:30"], schedule.NextSlots(new DateTimeOffset(2027, 3, 26, 12, 0, 0, TimeSpan.Zero)).Take(3).Select(slot => slot.ToString("dd HH:mm", null)));
    }
}
