using BlockList.Server.Mail;
using BlockList.Server.Tests.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Mail;

/// <summary>What the relay does, and what becomes of a mail.</summary>
public sealed class SendMailTests(MailWorld world) : IClassFixture<MailWorld>, IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await world.ClearAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("busy")]
    [InlineData("cut")]
    public async Task Mail_that_is_put_off_or_cut_off_waits_a_minute_and_is_sent_then(string name)
    {
        await using var relay = await Relay.StartAsync();
        await world.WriteAsync($"{name}@people.example");
        var worker = world.Worker(relay);

        Assert.Equal(0, await worker.RunAsync(Ct));
        Assert.Equal(0, await worker.RunAsync(Ct));
        Assert.Empty(relay.Received);
        Assert.Equal("1 | t | t", await world.RowAsync("attempts, problem <> '', next_attempt_at - clock_timestamp() between interval '40 seconds' and interval '76 seconds'"));

        await world.DueAsync();
        Assert.Equal(1, await worker.RunAsync(Ct));
        Assert.Single(relay.Received);
        Assert.Equal("2 | t", await world.RowAsync("attempts, sent_at is not null, problem, next_attempt_at"));
    }

    [Theory]
    [InlineData("nobody", "the relay said 550: 5.1.1 <the address>: no such user evil")]
    [InlineData("spam", "the relay said 554: 5.7.1 not here")]
    public async Task Mail_that_is_refused_fails_at_once_with_the_reason_which_its_case_shows_and_holds_up_nobody(string name, string reason)
    {
        await using var relay = await Relay.StartAsync();
        await world.WriteAsync($"{name}@people.example");
        await world.WriteAsync("anna@people.example");

        Assert.Equal(1, await world.Worker(relay).RunAsync(Ct));

        await using var db = await MigratedDatabase.Contexts(world.Database.Curation).CreateDbContextAsync(Ct);
        var states = await db.MailStates.Where(mail => mail.Reference == MailWorld.Reference).OrderBy(mail => mail.Id).ToArrayAsync(Ct);
        Assert.Equal(reason, states[0].Problem);
        Assert.True(states[0] is { FailedAt: not null, SentAt: null, NextAttemptAt: null, Attempts: 1 });
        Assert.True(states[1] is { FailedAt: null, SentAt: not null, NextAttemptAt: null, Problem: null });
        Assert.DoesNotContain("people.example", string.Concat(world.Log.At(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relay_that_is_down_costs_one_try_a_look_and_gets_all_when_it_is_back()
    {
        var relay = await Relay.StartAsync();
        var port = relay.Port;
        await relay.DisposeAsync();
        foreach (var name in new[] { "anna", "berit", "carl" }) await world.WriteAsync($"{name}@people.example");
        var worker = world.Worker(relay);

        Assert.Equal(0, await worker.RunAsync(Ct));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from mail.message where attempts > 0"));
        Assert.Contains(world.Log.At(LogLevel.Error), line => line.Contains("Connection refused", StringComparison.Ordinal));

        await using var back = await Relay.StartAsync(port: port);
        await world.DueAsync();
        Assert.Equal(3, await worker.RunAsync(Ct));
        Assert.Equal(3, back.Received.Count);
    }

    [Fact]
    public async Task Waits_double_up_to_four_hours_and_end_a_day_after_the_first_try()
    {
        await world.WriteAsync("anna@people.example");
        var waits = new List<double>();
        for (var attempt = 1; attempt <= 12; attempt++)
        {
            await world.DueAsync();
            Assert.Equal("waiting", await RecordAsync(attempt, "later"));
            waits.Add(await world.Database.ScalarAsync<double>("select extract(epoch from next_attempt_at - clock_timestamp())::float8 / 60 from mail.message"));
        }
        Assert.All(waits.Select((wait, i) => wait / Math.Min(240, Math.Pow(2, i))), ratio => Assert.InRange(ratio, 0.70, 1.26));
        Assert.True(waits.Select((wait, i) => Math.Round(wait / Math.Min(240, Math.Pow(2, i)), 3)).Distinct().Count() > 3, "no jitter");

        await world.Database.ExecuteAsync("update mail.message set first_tried_at = clock_timestamp() - interval '25 hours', next_attempt_at = clock_timestamp()");
        Assert.Equal("failed", await RecordAsync(13, "later"));
        Assert.Equal("t | the relay said 451: later", await world.RowAsync("failed_at is not null, problem, next_attempt_at"));

        async Task<string?> RecordAsync(int attempt, string outcome)
        {
            Assert.Equal(attempt, await world.Database.ScalarAsync<int>("select attempt from mail.claim()"));
            return await world.Database.ScalarAsync<string>("select mail.record(id, $1, $2, 'the relay said 451: later') from mail.message", attempt, outcome);
        }
    }

    [Fact]
    public async Task Word_of_a_worker_that_came_back_too_late_counts_only_if_it_sent_the_mail()
    {
        await world.WriteAsync("anna@people.example");
        await world.Database.ScalarAsync<long>("select id from mail.claim()");
        await world.DueAsync();
        await world.Database.ScalarAsync<long>("select id from mail.claim()");

        Assert.Equal("over", await world.Database.ScalarAsync<string>("select mail.record(id, 1, 'refused', 'no') from mail.message"));
        Assert.Equal("sent", await world.Database.ScalarAsync<string>("select mail.record(id, 1, 'sent', null) from mail.message"));
        Assert.Equal("over", await world.Database.ScalarAsync<string>("select mail.record(id, 2, 'refused', 'no') from mail.message"));
        Assert.Equal("t | f", await world.RowAsync("sent_at is not null, failed_at is not null, problem"));
    }

    [Fact]
    public async Task Two_workers_at_once_send_each_mail_once()
    {
        await using var relay = await Relay.StartAsync();
        for (var i = 0; i < 60; i++) await world.WriteAsync($"p{i}@people.example");

        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => world.Worker(relay).RunAsync(Ct), Ct)));

        Assert.Equal(60, sent.Sum());
        Assert.True(sent.Count(n => n > 0) > 1, "one worker did everything");
        Assert.Equal(60, relay.Received.Select(mail => mail.To.Single()).Distinct().Count());
        Assert.Equal(60, relay.Received.Count);
    }

    [Theory]
    [InlineData(MailOptions.StartTls)]
    [InlineData(MailOptions.Tls)]
    public async Task Relay_is_spoken_to_over_tls_and_signed_in_at(string security)
    {
        await using var relay = await Relay.StartAsync(security, signIn: true);
        await world.WriteAsync("anna@people.example");

        Assert.Equal(1, await world.Worker(relay, options => Secure(options, relay, security)).RunAsync(Ct));

        var mail = Assert.Single(relay.Received);
        Assert.Equal((true, Relay.User, "complaints@blocklist.example"), (mail.Tls, mail.User, mail.From));
    }

    [Theory]
    [InlineData("another authority")]
    [InlineData("another name")]
    [InlineData("another password")]
    [InlineData("no STARTTLS")]
    public async Task Relay_that_is_not_ours_or_does_not_know_us_gets_no_mail_which_waits(string what)
    {
        var security = what == "no STARTTLS" ? MailOptions.Plain : MailOptions.StartTls;
        await using var relay = await Relay.StartAsync(security, signIn: what == "another password");
        await using var other = await Relay.StartAsync();
        await world.WriteAsync("anna@people.example");
        var worker = world.Worker(relay, options =>
        {
            Secure(options, relay, MailOptions.StartTls);
            if (what == "another authority") options.AuthorityFile = other.CertificateFile;
            if (what == "another name") options.Relay = "127.0.0.1";
            if (what == "another password") options.PasswordFile = other.PasswordFile;
            else (options.User, options.PasswordFile) = ("", "");
        });

        Assert.Equal(0, await worker.RunAsync(Ct));

        Assert.Empty(relay.Received);
        Assert.Equal("t | f | t", await world.RowAsync("next_attempt_at is not null, failed_at is not null, problem <> ''"));
    }

    [Fact]
    public async Task Nothing_going_out_for_an_hour_is_an_alarm_until_something_does()
    {
        await using var relay = await Relay.StartAsync();
        await world.WriteAsync("busy-one@people.example");
        var (worker, unset) = (world.Worker(relay), world.Worker(relay, options => options.Relay = ""));
        Assert.Equal(0, await unset.RunAsync(Ct));
        Assert.Null(await AlarmAsync());

        await world.Database.ExecuteAsync("update mail.message set written_at = clock_timestamp() - interval '61 minutes'");
        for (var look = 0; look < 2; look++) Assert.Equal(0, await unset.RunAsync(Ct));
        Assert.Equal("mail raised", await AlarmAsync());

        await worker.RunAsync(Ct);
        await world.DueAsync();
        Assert.Equal(1, await worker.RunAsync(Ct));
        await worker.RunAsync(Ct);
        Assert.Equal("mail raised, mail cleared", await AlarmAsync());

        Task<string?> AlarmAsync() => world.Database.ScalarAsync<string>("select string_agg(kind || ' ' || event, ', ' order by e.id) from publishing.alarm a join publishing.alarm_event e on e.alarm_id = a.id");
    }

    [Fact]
    public async Task Old_mails_forget_whom_they_went_to_and_stay()
    {
        await world.WriteAsync("sent@people.example", messageId: "sent");
        await world.WriteAsync("young@people.example", messageId: "young");
        await world.WriteAsync("failed@people.example", messageId: "failed");
        await world.WriteAsync("waits@people.example", messageId: "waits");
        await world.Database.ExecuteAsync("""
            update mail.message set next_attempt_at = null, sent_at = clock_timestamp() - case message_id when 'sent' then interval '31 days' else interval '29 days' end where message_id in ('sent', 'young');
            update mail.message set next_attempt_at = null, failed_at = clock_timestamp() - interval '89 days', problem = '550 <failed@people.example>' where message_id = 'failed';
            update mail.message set written_at = written_at - interval '400 days' where message_id = 'waits'
            """);
        await using var database = Npgsql.NpgsqlDataSource.Create(world.Database.Worker);
        var forget = new ForgetMail(database);

        Assert.Equal(1, await forget.RunAsync(Ct));
        Assert.Equal(0, await forget.RunAsync(Ct));
        await world.Database.ExecuteAsync("update mail.message set failed_at = failed_at - interval '2 days'  where failed_at is not null");
        Assert.Equal(1, await forget.RunAsync(Ct));

        Assert.Equal("failed nobody nothing BL-0123456789 decided; sent nobody nothing BL-0123456789 decided; waits waits@people.example something BL-0123456789 decided; young young@people.example something BL-0123456789 decided", await world.Database.ScalarAsync<string>(
            "select string_agg(concat_ws(' ', message_id, coalesce(recipient, 'nobody'), case when coalesce(\"values\"::text, problem) is null then 'nothing' else 'something' end, reference, template), '; ' order by message_id) from mail.message"));
    }

    private static void Secure(MailOptions options, Relay relay, string security)
    {
        (options.Relay, options.Security, options.AuthorityFile) = ("localhost", security, relay.CertificateFile);
        (options.User, options.PasswordFile) = (Relay.User, relay.PasswordFile);
    }
}
