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

    [Fact]
    public async Task Worker_reads_alarms_by_its_functions_alone()
    {
        await using var connection = new NpgsqlConnection(world.Database.Worker);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("select message from publishing.alarm", connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync(Ct))).SqlState);
    }

    private TellAlarms Teller(string secret) => new(NpgsqlDataSource.Create(world.Database.Worker),
        Options.Create(new AlarmOptions { Webhook = hook.Urls.Single(), WebhookSecretFile = secret, TimeoutSeconds = 5 }), world.Clock, NullLogger<TellAlarms>.Instance);

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
