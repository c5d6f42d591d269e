using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Signing;
using BlockList.Server.Tests.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Failures;

/// <summary>Keys that are missing, closed or the wrong ones: somebody is told which file it is, what is published stays, and with the file
/// back it goes on, in the same process.</summary>
public sealed class MissingKeyTests(PublishingWorld world) : IClassFixture<PublishingWorld>
{
    private const string List = DevelopmentKeys.WorstOf;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> OfPublisher => new()
    {
        { "keys/worst-of/targets.p8", "", "is there, readable by this role" },
        { "keys/worst-of/snapshot.p8", "no key at all", "cannot be opened" },
        { "keys/worst-of/manifest.pem", "", "The certificate of the manifest key of list worst-of" },
        { "keys/worst-of/log.p8", "another", "is not named by its root 1. Put the key back that the root names" },
        { "secrets/signing-passphrase", "", "Put the file of [Signing] PassphraseFile back" },
        { "secrets/signing-passphrase", "not the passphrase", "that [Signing] PassphraseFile belongs to it" },
        { "server-ca.pem", "", "Put the file of [Publishing] ServerCa back" },
    };

    public static TheoryData<string, string, string> OfVerifier => new()
    {
        { "verifier/keys/worst-of/targets.p8", "", "is there, readable by this role" },
        { "verifier/keys/worst-of/targets.p8", "another", "is no second targets key of root 1 of list worst-of" },
        { "verifier/passphrase", "", "Put the file of [Verifying] PassphraseFile back" },
        { "verifier/passphrase", "not the passphrase", "that [Verifying] PassphraseFile belongs to it" },
        { "verifier/record-key", "", "The secret under the verifier's record" },
    };

    [Theory]
    [MemberData(nameof(OfPublisher))]
    public async Task Publisher_says_which_file_and_goes_on_when_it_is_back(string file, string instead, string advice)
    {
        await using var publisher = world.NewPublisher();
        await RequireToldAsync(publisher, file, instead, advice, AlarmStore.Stopped);
    }

    [Theory]
    [MemberData(nameof(OfVerifier))]
    public async Task Verifier_says_which_file_and_goes_on_when_it_is_back(string file, string instead, string advice) =>
        await RequireToldAsync(world.Publisher, file, instead, advice, AlarmStore.Verifier, () => world.StartVerifierAsync());

    [Fact]
    public async Task Timestamps_and_snapshots_go_on_while_the_targets_key_is_gone()
    {
        await world.PublishAsync();
        await using var publisher = world.NewPublisher();
        var before = await world.ReadHeadAsync();
        using (Broken("keys/worst-of/targets.p8", ""))
        {
            world.MoveClockTo(before.SnapshotSignedAt.AddHours(25));
            Assert.True(await RenewAsync(publisher));
        }
        var after = await world.ReadHeadAsync();
        Assert.Equal((before.TargetsVersion, before.SnapshotVersion + 1, before.TimestampVersion + 1), (after.TargetsVersion, after.SnapshotVersion, after.TimestampVersion));
        await world.VerifyAsClientAsync();
        Assert.Equal(0L, await AlarmsAsync());
    }

    [Fact]
    public async Task Timestamp_key_that_is_gone_is_an_alarm_and_at_half_life_another_until_it_is_back()
    {
        await world.PublishAsync();
        await using var publisher = world.NewPublisher();
        using (Broken("keys/worst-of/timestamp.p8", ""))
        {
            world.MoveClockTo((await world.ReadHeadAsync()).TimestampSignedAt.AddHours(6));
            Assert.False(await RenewAsync(publisher));
            Assert.Equal(1L, await AlarmsAsync());
            world.MoveClockTo((await world.ReadHeadAsync()).TimestampSignedAt.AddDays(3.6));
            Assert.False(await RenewAsync(publisher));
            Assert.Contains("timestamp.p8 cannot be opened", await world.Database.ScalarAsync<string>("select message from publishing.alarm where kind = 'stopped' and cleared_at is null"), StringComparison.Ordinal);
            Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where kind = 'expiry' and cleared_at is null"));
        }
        Assert.True(await RenewAsync(publisher));
        Assert.Equal(0L, await AlarmsAsync());
        await world.VerifyAsClientAsync();
    }

    private async Task RequireToldAsync(ServiceProvider publisher, string file, string instead, string advice, string kind, Func<Task>? whenBroken = null)
    {
        await world.PublishAsync();
        var name = world.NewName();
        // The database keeps a clock of its own.
        await world.ProposeAsync("anna", name, sightedAt: TimeProvider.System.GetUtcNow().AddDays(-1));
        await world.ReviewAsync("bram", name);
        var before = await world.VerifyAsClientAsync();
        var said = world.PublisherLog.At(LogLevel.Critical).Count();
        using (Broken(file, instead))
        {
            if (whenBroken is not null) await whenBroken();
            Assert.False(await TryAsync(publisher));
        }
        Assert.Equal(before.Version, (await world.VerifyAsClientAsync()).Version);
        var line = Assert.Single(world.PublisherLog.At(LogLevel.Critical).Skip(said));
        var alarm = await world.Database.ScalarAsync<string>("select message from publishing.alarm where cleared_at is null and kind = $1", kind);
        foreach (var told in new[] { line, alarm })
        {
            Assert.Contains(advice, told, StringComparison.Ordinal);
            // Which file; a passphrase that opens nothing shows at the first key.
            Assert.Contains(instead.Contains("passphrase", StringComparison.Ordinal) || instead == "another" ? ".p8" : Path.GetFileName(file), told, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", told, StringComparison.Ordinal);
        }

        Assert.True(await TryAsync(publisher));
        Assert.Equal(before.Version.Next(), (await world.VerifyAsClientAsync()).Version);
        Assert.True((await world.ReadListAsync()).Contains(name));
        Assert.Equal(0L, await AlarmsAsync());
    }

    /// <summary>As the sweep does where a slot has come.</summary>
    private static Task<bool> TryAsync(ServiceProvider publisher) => publisher.GetRequiredService<WatchLists>()
        .TryAsync(List, WatchLists.Publishing, () => publisher.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct), Ct);

    private static async Task<bool> RenewAsync(ServiceProvider publisher)
    {
        var watch = publisher.GetRequiredService<WatchLists>();
        var isDone = await watch.TryAsync(List, WatchLists.Renewing, () => publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct), Ct);
        await watch.LookAtAgeAsync(List, Ct);
        return isDone;
    }

    private Task<long> AlarmsAsync() => world.Database.ScalarAsync<long>("select count(*) from publishing.alarm where cleared_at is null");

    /// <summary>Until it is disposed of, the file is gone, holds something else, or is another key.</summary>
    private Restored Broken(string file, string instead)
    {
        var path = Path.Combine(Path.GetDirectoryName(world.Keys.OnlineFolder)!, file);
        var aside = path + ".aside";
        File.Move(path, aside);
        if (instead == "another")
        {
            var verifiers = file.StartsWith("verifier/", StringComparison.Ordinal);
            using var key = FileSigner.Create(path, File.ReadLines(verifiers ? world.Keys.VerifierPassphraseFile : world.Keys.PassphraseFile).First());
        }
        else if (instead.Length > 0) File.WriteAllText(path, instead + "\n");
        return new Restored(path, aside);
    }

    private sealed record Restored(string Path, string Aside) : IDisposable
    {
        public void Dispose() => File.Move(Aside, Path, overwrite: true);
    }
}
