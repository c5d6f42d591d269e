using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Alarms reach the operator's webhook, once each, in order, signed, whatever the other side does; and people acknowledge them.</summary>
public sealed class AlarmTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PublishingWorld world = new(postgres);
    private readonly List<(string Id, string Signature, string Timestamp, string Body)> received = [];
    private int status = 204;
    private WebApplication hook = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await world.InitializeAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        hook = builder.Build();
        hook.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            received.Add((context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-signature"]!, context.Request.Headers["webhook-timestamp"]!, await reader.ReadToEndAsync(Ct)));
            context.Response.StatusCode = status;
        });
        await hook.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await hook.DisposeAsync();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task Alarm_is_told_once_with_what_became_of_it_and_a_signature_that_holds()
    {
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, "a secret of this test\n", Ct);
        using var tell = Teller(secret);
        var id = await RaiseAsync("held:worst-of", "A version is held.");
        Assert.False(await ChangeAsync(c => AlarmStore.RaiseAsync(c, Guid.CreateVersion7(world.Now), "held:worst-of", "worst-of", AlarmStore.Held, "A version is held.", Ct)));
        Assert.Equal(1, await tell.RunAsync(Ct));
        Assert.True(await AcknowledgeAsync(id));
        Assert.False(await AcknowledgeAsync(id));
        await ChangeAsync(async c => { await AlarmStore.ClearAsync(c, "held:worst-of", Ct); return true; });
        Assert.Equal(2, await tell.RunAsync(Ct));
        Assert.Equal(0, await tell.RunAsync(Ct));

        Assert.Equal(["alarm.raised", "alarm.acknowledged", "alarm.cleared"], received.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("type").GetString()));
        Assert.Equal("olav", JsonDocument.Parse(received[1].Body).RootElement.GetProperty("data").GetProperty("acknowledged_by").GetString());
        foreach (var (message, signature, timestamp, body) in received)
            Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData("a secret of this test"u8, Encoding.UTF8.GetBytes($"{message}.{timestamp}.{body}"))), signature);
        Assert.Equal(3, received.Select(r => r.Id).Distinct().Count());
        File.Delete(secret);
    }

    [Fact]
    public async Task Webhook_that_fails_is_tried_again_later_and_nothing_is_lost()
    {
        using var tell = Teller("");
        status = 500;
        await RaiseAsync("stopped:worst-of", "It cannot be published.");
        Assert.Equal(0, await tell.RunAsync(Ct));
        Assert.Equal(0, await tell.RunAsync(Ct));
        Assert.Single(received);
        Assert.Equal("the webhook answered 500", await world.Database.ScalarAsync<string>("select problem from publishing.alarm_event"));

        status = 200;
        await world.Database.ExecuteAsync("update publishing.alarm_event set next_attempt_at = now()");
        Assert.Equal(1, await tell.RunAsync(Ct));
        Assert.Equal(received[0].Id, received[1].Id);
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm_event where told_at is not null and next_attempt_at is null"));
    }

    [Fact]
    public async Task Alarm_is_mailed_once_by_its_kind_alone_however_often_the_webhook_is_tried()
    {
        using var tell = Teller("", "Duty@Operator.Example");
        status = 500;
        await RaiseAsync("held:worst-of", "A version is held.");
        for (var look = 0; look < 2; look++)
        {
            await tell.RunAsync(Ct);
            await world.Database.ExecuteAsync("update publishing.alarm_event set next_attempt_at = now()");
        }

        Assert.Equal(2, received.Count);
        Assert.Equal("""Duty@operator.example alarm {"kind": "held"}""", await world.Database.ScalarAsync<string>("select string_agg(concat_ws(' ', recipient, template, \"values\", reference), '; ') from mail.message"));
    }

    [Fact]
    public async Task Metadata_that_outlived_half_of_its_life_is_an_alarm_until_it_is_signed_anew()
    {
        await world.PublishAsync();
        var watch = world.Publisher.GetRequiredService<WatchLists>();
        await watch.LookAtAgeAsync("worst-of", Ct);
        Assert.Equal(0L, await StandingAsync());
        world.MoveClockTo(world.Now.AddDays(3.6));
        await watch.LookAtAgeAsync("worst-of", Ct);
        Assert.Contains("timestamp passed half of its life", await world.Database.ScalarAsync<string>("select message from publishing.alarm where cleared_at is null"), StringComparison.Ordinal);

        await world.Publisher.GetRequiredService<RenewMetadata>().RunAsync("worst-of", Ct);
        await watch.LookAtAgeAsync("worst-of", Ct);
        Assert.Equal(0L, await StandingAsync());
        world.MoveClockTo(world.Now.AddDays(200));
        await watch.LookAtAgeAsync("worst-of", Ct);
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cause = 'root-expiry:worst-of' and cleared_at is null"));

        Task<long> StandingAsync() => world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cleared_at is null");
    }

    [Fact]
    public async Task List_that_cannot_be_published_is_an_alarm_that_says_why_and_ends_with_the_next_run_that_can()
    {
        var watch = world.Publisher.GetRequiredService<WatchLists>();
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new Server.Signing.SigningException("The key is gone."), Ct);
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new InvalidOperationException("secret.example"), Ct);
        var message = await world.Database.ScalarAsync<string>("select message from publishing.alarm where kind = 'stopped' and cleared_at is null");
        Assert.Contains("the publisher's log has it", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.example", message, StringComparison.Ordinal);
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => Task.CompletedTask, Ct);
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cleared_at is null"));
    }

    /// <summary>Who looks after one does not look after the other: an alarm that was acknowledged must not swallow a graver one.</summary>
    [Fact]
    public async Task Verifier_that_is_silent_one_that_refuses_and_a_key_that_is_gone_are_alarms_of_their_own()
    {
        var watch = world.Publisher.GetRequiredService<WatchLists>();
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new NotCountersignedException("It is silent.") { IsSilence = true }, Ct);
        Assert.True(await AcknowledgeAsync(await world.Database.ScalarAsync<Guid>("select id from publishing.alarm")));
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new NotCountersignedException("It refuses."), Ct);
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new Server.Signing.SigningException("The key is gone."), Ct);
        Assert.Equal("verifier verifier stopped", await StandingAsync("kind"));
        Assert.Equal(3L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm_event where event = 'raised'"));
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => Task.CompletedTask, Ct);
        Assert.Null(await StandingAsync("kind"));
    }

    [Fact]
    public async Task To_be_overtaken_clears_no_alarm_and_is_one_where_it_goes_on()
    {
        var watch = world.Publisher.GetRequiredService<WatchLists>();
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new Server.Signing.SigningException("The key is gone."), Ct);
        for (var look = 0; look < 4; look++) await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new OvertakenException(), Ct);
        Assert.Equal("stopped", await StandingAsync("kind"));
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => throw new OvertakenException(), Ct);
        Assert.Equal("stopped verifier", await StandingAsync("kind"));
        await watch.TryAsync("worst-of", WatchLists.Publishing, () => Task.CompletedTask, Ct);
        Assert.Null(await StandingAsync("kind"));
    }

    /// <summary>One has lost a key, the other is well.</summary>
    [Fact]
    public async Task What_one_publisher_cannot_do_is_not_cleared_by_another_that_can_until_it_is_gone()
    {
        await using var broken = world.NewPublisher(("Publishing:Name", "second"));
        for (var look = 0; look < 3; look++)
        {
            await broken.GetRequiredService<WatchLists>().TryAsync("worst-of", WatchLists.Removing, () => throw new Server.Signing.SigningException("The key is gone."), Ct);
            await world.Publisher.GetRequiredService<WatchLists>().TryAsync("worst-of", WatchLists.Removing, () => Task.CompletedTask, Ct);
        }
        Assert.Equal("raised", await world.Database.ScalarAsync<string>("select string_agg(event, ' ') from publishing.alarm_event"));
        Assert.EndsWith("@second", await StandingAsync("cause"), StringComparison.Ordinal);
        await world.Database.ExecuteAsync("update publishing.alarm set seen_at = seen_at - interval '2 hours'");
        await world.Publisher.GetRequiredService<WatchLists>().TryAsync("worst-of", WatchLists.Removing, () => Task.CompletedTask, Ct);
        Assert.Null(await StandingAsync("cause"));
    }

    [Fact]
    public async Task Register_that_is_none_is_an_alarm_and_what_is_published_is_renewed_all_the_same()
    {
        await world.PublishAsync();
        var before = await world.ReadHeadAsync();
        var register = await File.ReadAllTextAsync(world.Keys.RegisterFile, Ct);
        await File.WriteAllTextAsync(world.Keys.RegisterFile, "{}", Ct);
        world.MoveClockTo(world.Now.AddHours(7));
        await world.Publisher.GetRequiredService<SweepSchedule>().RunAsync(Ct);
        await world.Publisher.GetRequiredService<PublishUrgent>().RunAsync(Ct);
        Assert.Equal(before.TimestampVersion + 1, (await world.ReadHeadAsync()).TimestampVersion);
        Assert.Contains("No list can be published: The agency register", await StandingAsync("message"), StringComparison.Ordinal);

        await File.WriteAllTextAsync(world.Keys.RegisterFile, register, Ct);
        await world.Publisher.GetRequiredService<SweepSchedule>().RunAsync(Ct);
        Assert.Null(await StandingAsync("message"));
    }

    [Fact]
    public async Task Stopped_credential_is_an_alarm_while_it_is_stopped()
    {
        await world.ProposeAsync("anna", world.NewName());
        await world.Database.ExecuteAsync("alter table curation.decision disable trigger all; update curation.decision set statement = statement || ' '::bytea; alter table curation.decision enable trigger all");
        for (var look = 0; look < 2; look++) await world.PublishAsync();
        Assert.Contains($"Credential {world.CredentialOf("anna")} is stopped", await StandingAsync("message"), StringComparison.Ordinal);
        Assert.Equal("raised", await world.Database.ScalarAsync<string>("select string_agg(event, ' ') from publishing.alarm_event"));

        await world.Database.ExecuteAsync("alter table curation.decision disable trigger all; update curation.decision set statement = substring(statement from 1 for octet_length(statement) - 1); alter table curation.decision enable trigger all");
        await world.PublishAsync();
        Assert.Null(await StandingAsync("message"));
    }

    [Fact]
    public async Task Receipt_of_another_log_is_an_alarm_until_the_same_provider_knows_ours()
    {
        await world.Database.ExecuteAsync("insert into providers.provider (id, name, contact) values ('00000000-0000-0000-0000-000000000007', 'Example Net', 'noc@net.example')");
        await ReceiveAsync(differs: true);
        await ReceiveAsync(differs: true);
        Assert.Contains("The agent of Example Net knows another transparency log of list worst-of", await StandingAsync("message"), StringComparison.Ordinal);
        Assert.Equal("log", await StandingAsync("kind"));
        await ReceiveAsync(differs: null);
        Assert.Equal("log", await StandingAsync("kind"));
        await ReceiveAsync(differs: false);
        Assert.Null(await StandingAsync("kind"));

        async Task ReceiveAsync(bool? differs)
        {
            await using var connection = new NpgsqlConnection(world.Database.Distribution);
            await connection.OpenAsync(Ct);
            await ForgedDecision.ExecuteAsync(connection, $"""
                insert into distribution.receipt (provider_id, certificate_sha256, list, version, sha256, resolver, evidence, probes, left_out, agent_version, agent_clock, log_size, log_root, log_differs)
                values ('00000000-0000-0000-0000-000000000007', $1, 'worst-of', 1, $1, 'unbound', 'dump', '{"{}"}', 0, '1', now(), {(differs is { } known ? $"1, $1, {(known ? "true" : "false")}" : "null, null, null")})
                """, new string('a', 64));
        }
    }

    private Task<string?> StandingAsync(string column) => world.Database.ScalarAsync<string?>($"select string_agg({column}, ' ' order by raised_at) from publishing.alarm where cleared_at is null");

    [Fact]
    public async Task Worker_reads_alarms_by_its_functions_alone()
    {
        await using var connection = new NpgsqlConnection(world.Database.Worker);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("select message from publishing.alarm", connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync(Ct))).SqlState);
    }

    private TellAlarms Teller(string secret, string mailTo = "") => new(NpgsqlDataSource.Create(world.Database.Worker),
        Options.Create(new AlarmOptions { Webhook = hook.Urls.Single(), WebhookSecretFile = secret, MailTo = mailTo, TimeoutSeconds = 5 }), world.Clock, NullLogger<TellAlarms>.Instance);

    private async Task<Guid> RaiseAsync(string cause, string message)
    {
        var id = Guid.CreateVersion7(world.Now);
        Assert.True(await ChangeAsync(c => AlarmStore.RaiseAsync(c, id, cause, "worst-of", AlarmStore.Held, message, Ct)));
        return id;
    }

    private async Task<bool> ChangeAsync(Func<NpgsqlConnection, Task<bool>> change)
    {
        await using var connection = new NpgsqlConnection(world.Database.Publisher);
        await connection.OpenAsync(Ct);
        return await change(connection);
    }

    private Task<bool> AcknowledgeAsync(Guid alarm) => ActivatorUtilities.CreateInstance<ReadAlarms>(world.Curation).AcknowledgeAsync(alarm, "olav", Ct);
}
