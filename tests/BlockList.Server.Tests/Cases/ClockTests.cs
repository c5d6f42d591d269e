using System.Globalization;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Tests.Database;
using BlockList.Server.Tests.Publishing.Model;
using Xunit;

namespace BlockList.Server.Tests.Cases;

/// <summary>Promises in working days, and what happens when one is missed.</summary>
public sealed class ClockTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    private static int _complaints;

    [Theory]
    [InlineData("2026-11-20T09:30:00Z", 1, "2026-11-23T09:30:00Z")]
    [InlineData("2026-11-21T23:59:00Z", 1, "2026-11-23T23:59:00Z")]
    [InlineData("2026-11-23T00:00:00Z", 5, "2026-11-30T00:00:00Z")]
    [InlineData("2026-12-23T10:00:00Z", 5, "2027-01-05T10:00:00Z")]
    [InlineData("2026-11-23T12:00:00Z", 10, "2026-12-07T12:00:00Z")]
    public async Task Weekends_and_holidays_are_no_working_days(string from, int days, string due) =>
        Assert.Equal(At(due), await DueAsync("UTC", At(from), days, "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-31", "2027-01-01"));

    /// <summary>The clocks of Oslo go forward on 29 March and back on 25 October 2026: four in the afternoon stays four in the afternoon.</summary>
    [Theory]
    [InlineData("2026-03-27T15:00:00Z", "2026-03-30T14:00:00Z")]
    [InlineData("2026-10-23T14:00:00Z", "2026-10-26T15:00:00Z")]
    public async Task Office_keeps_its_hour_when_the_clocks_change(string from, string due) => Assert.Equal(At(due), await DueAsync("Europe/Oslo", At(from), 1));

    /// <summary>Friday evening in New York is Saturday in UTC, and a working day has not begun anywhere else.</summary>
    [Fact]
    public async Task Day_is_the_offices() => Assert.Equal(At("2026-11-24T01:00:00Z"), await DueAsync("America/New_York", At("2026-11-21T01:00:00Z"), 1));

    [Fact]
    public async Task Database_counts_as_the_model_does()
    {
        var random = new Seeded(20261122);
        for (var round = 0; round < 120; round++)
        {
            var from = At("2026-01-01T00:00:00Z").AddMinutes(random.Below(525_600));
            var holidays = Enumerable.Range(0, random.Below(12)).Select(_ => DateOnly.FromDateTime(from.UtcDateTime).AddDays(random.Below(40))).ToHashSet();
            var days = 1 + random.Below(10);
            Assert.Equal(WorkingDays.After(from, days, holidays), await DueAsync("UTC", from, days, [.. holidays.Select(h => h.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]));
        }
    }

    [Fact]
    public async Task Missed_promise_is_told_once_and_its_alarm_ends_with_it()
    {
        // The other tests' promises are no matter of this one.
        await database.ExecuteAsync("update complaint.clock set late_at = null, ended_at = coalesce(ended_at, now())");
        var reference = await ComplainAsync();
        Assert.Equal(0, await EscalateAsync("1 hour"));
        // A worker that died after it told it, two at the same time, and the next day: once each.
        Assert.Equal(1, await EscalateAsync("25 hours"));
        Assert.Equal(0, await EscalateAsync("25 hours"));
        Assert.Equal("overdue officers@agency.example, overdue oversight@agency.example", await database.ScalarAsync<string>("select string_agg(template || ' ' || recipient, ', ' order by recipient) from mail.message where reference = $1", reference));
        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from complaint.event where reference = $1 and kind = 'late' and not visible and detail ->> 'clock' = 'triage'", reference));
        Assert.True(await database.ScalarAsync<bool>("select oversight from complaint.dossier where reference = $1", reference));
        Assert.Equal(1L, await StandingAsync());

        // The decision is late as well, weeks later; the alarm stands already.
        Assert.Equal(1, await EscalateAsync("40 days"));
        Assert.Equal(4L, await database.ScalarAsync<long>("select count(*) from mail.message where reference = $1", reference));
        Assert.Equal(1L, await StandingAsync());

        await database.ExecuteAsync("update complaint.clock set ended_at = now() where reference = $1", reference);
        Assert.Equal(0, await EscalateAsync("40 days"));
        Assert.Equal(0L, await StandingAsync());
        Assert.Equal(2L, await database.ScalarAsync<long>("select count(*) from complaint.clock where reference = $1 and late_at is not null", reference));
    }

    [Fact]
    public async Task Thousand_missed_promises_are_twenty_mails()
    {
        await database.ExecuteAsync("update complaint.clock set late_at = null, ended_at = coalesce(ended_at, now())");
        await database.ExecuteAsync("delete from mail.message");
        for (var i = 0; i < 30; i++) await ComplainAsync();
        Assert.Equal(30, await EscalateAsync("25 hours"));
        Assert.Equal(40L, await database.ScalarAsync<long>("select count(*) from mail.message where template = 'overdue'"));
        await ComplainAsync();
        Assert.Equal(1, await EscalateAsync("25 hours"));
        Assert.Equal(40L, await database.ScalarAsync<long>("select count(*) from mail.message where template = 'overdue'"));
        await database.ExecuteAsync("update complaint.clock set ended_at = now() where ended_at is null");
        await EscalateAsync("25 hours");
    }

    [Fact]
    public async Task New_holiday_counts_running_clocks_anew_and_past_days_stay_as_they_were()
    {
        await database.ExecuteAsync("insert into access.person (id, agency, name, roles) values ('clara', null, 'Clara', '{complaints-officer}') on conflict do nothing");
        await database.ExecuteAsync("delete from complaint.holiday");
        await database.ExecuteAsync("update complaint.office set zone = 'UTC'");
        var reference = await ComplainAsync();
        var before = await DecisionDueAsync(reference);
        // The first working day to come.
        var day = await database.ScalarAsync<DateOnly>("select complaint.working_days_after(now(), 1)::date");
        Assert.Equal("set", await SetAsync(day));
        Assert.Equal("known", await SetAsync(day));
        Assert.Equal("past", await SetAsync(day.AddDays(-30)));
        var after = await DecisionDueAsync(reference);
        Assert.True(after > before, $"{before} {after}");
        Assert.Equal("dropped", await database.ScalarAsync<string>("select complaint.drop_holiday($1, 'clara')", day));
        Assert.Equal(before, await DecisionDueAsync(reference));
        Assert.Equal("unknown", await database.ScalarAsync<string>("select complaint.set_zone('Middle-earth/Shire', 'clara')"));
    }

    private Task<string?> SetAsync(DateOnly day) => database.ScalarAsync<string>("select complaint.set_holiday($1, 'A feast', 'clara')", day);

    private Task<DateTime> DecisionDueAsync(string reference) => database.ScalarAsync<DateTime>("select due_at from complaint.clock where reference = $1 and kind = 'decision'", reference);

    private Task<long> StandingAsync() => database.ScalarAsync<long>("select count(*) from publishing.alarm where kind = 'complaint' and cleared_at is null");

    private Task<int> EscalateAsync(string later) => database.ScalarAsync<int>("select complaint.escalate_late_at(now() + $1::text::interval, $2)", later, new[] { "officers@agency.example", "oversight@agency.example" });

    private async Task<string> ComplainAsync()
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"BL-{Interlocked.Increment(ref _complaints):D10}");
        await database.ExecuteAsync("select complaint.submit($1, sha256(''), 'owner', 'never', lower($1) || '.example', true, 'en', null, 'text', null, null, null)", reference);
        return reference;
    }

    private async Task<DateTimeOffset> DueAsync(string zone, DateTimeOffset from, int days, params string[] holidays)
    {
        await database.ExecuteAsync("insert into access.person (id, agency, name, roles) values ('clara', null, 'Clara', '{complaints-officer}') on conflict do nothing");
        await database.ExecuteAsync("delete from complaint.holiday");
        await database.ExecuteAsync("insert into complaint.holiday (day, name, entered_by) select d::date, 'x', 'clara' from unnest($1::text[]) d", (object)holidays);
        await database.ExecuteAsync("update complaint.office set zone = $1", zone);
        return new DateTimeOffset(await database.ScalarAsync<DateTime>("select complaint.working_days_after($1, $2)", from, days), TimeSpan.Zero);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
