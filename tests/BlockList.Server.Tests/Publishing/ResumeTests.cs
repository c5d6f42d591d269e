using BlockList.Format;
using BlockList.Format.Log;
using BlockList.Server.Data;
using BlockList.Server.Distribution;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Resuming;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>After a restore of the database from a backup the list goes on above every number that anybody has seen, or not at all.</summary>
public sealed class ResumeTests(PostgresFixture postgres) : ResumedWorldTests(postgres)
{
    [Fact]
    public async Task Restored_list_is_not_signed_until_both_resume_and_then_goes_on_above_all_that_was_signed()
    {
        await PublishNameAsync();
        await World.BackUpAsync();
        await PublishNameAsync();
        await PublishNameAsync();
        var (seen, checkpoint, copy) = (await World.ReadHeadAsync(), await CheckpointAsync(), await CopyAsync("copy"));
        await World.RestoreAsync();
        Assert.Equal(seen.Serial - 2, (await World.ReadHeadAsync()).Serial);

        // By its own file the verifier knows better than the database, and says what to do.
        await DecideNameAsync();
        var refused = (await Assert.ThrowsAsync<NotCountersignedException>(() => World.PublishAsync())).Message;
        Assert.Contains(World.VerifierLog.At(LogLevel.Critical), line => line.Contains("Nothing that rests on the ledger will be signed", StringComparison.Ordinal));
        Assert.Contains($"it signed version {seen.Serial} and targets {seen.TargetsVersion} of list {List}", refused, StringComparison.Ordinal);
        Assert.Contains($"\"blocklist verifier resume --list {List}\"", refused, StringComparison.Ordinal);
        Assert.Contains($"\"blocklist publisher resume --list {List} --log DIR --serial {seen.Serial} --targets {seen.TargetsVersion}\"", refused, StringComparison.Ordinal);

        // One of the two is not enough.
        Assert.NotNull(await ResumeVerifierAsync());
        refused = (await Assert.ThrowsAsync<NotCountersignedException>(() => World.PublishAsync())).Message;
        Assert.Contains("were signed before the database was restored", refused, StringComparison.Ordinal);
        Assert.Contains("blocklist publisher resume", refused, StringComparison.Ordinal);

        var resumed = Assert.IsType<ResumedFrom>(await ResumeAsync(copy, seen.Serial, seen.TargetsVersion));
        Assert.Equal((seen.Serial, seen.TargetsVersion, 2, checkpoint.Size), (resumed.Floor.Serial, resumed.Floor.TargetsVersion, resumed.Leaves, resumed.LogSize));
        var published = Assert.IsType<PublishOutcome.Published>(await World.PublishAsync());
        Assert.Equal(seen.Serial + 1, published.Serial.Value);
        await RequireAboveAsync(seen, checkpoint);

        // The whole list and no step: nobody here knows what the version before it was.
        Assert.False(IsStep(await ContentAsync(seen.Serial + 1)));
        // And from there on as ever.
        await PublishNameAsync();
        Assert.True(IsStep(await ContentAsync(seen.Serial + 2)));
        Assert.Equal(1L, await World.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'list.resume' and login = 'blocklist_publisher'"));
        Assert.Equal(1L, await World.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'verifier.resume' and login = 'blocklist_verifier'"));
    }

    [Fact]
    public async Task Second_run_of_either_command_finds_nothing_to_do_before_and_after_the_next_version()
    {
        var (seen, copy) = await LoseTwoVersionsAsync();
        Assert.NotNull(await ResumeVerifierAsync());
        Assert.NotNull(await ResumeAsync(copy, seen.Serial, seen.TargetsVersion));
        await NothingAsync();
        // The list did not change, and goes out all the same.
        Assert.Equal(seen.Serial + 1, Assert.IsType<PublishOutcome.Published>(await World.PublishAsync()).Serial.Value);
        await NothingAsync();
        Assert.IsType<PublishOutcome.Unchanged>(await World.PublishAsync());

        async Task NothingAsync()
        {
            Assert.Null(await ResumeVerifierAsync());
            Assert.Null(await ResumeAsync(copy, seen.Serial, seen.TargetsVersion));
            Assert.Null(await ResumeAsync(copy));
            Assert.Equal((1L, 1L), (await World.Database.ScalarAsync<long>("select count(*) from publishing.resume"), await World.Database.ScalarAsync<long>("select count(*) from verifying.resume")));
        }
    }

    [Fact]
    public async Task Copy_that_is_no_copy_of_this_log_changes_nothing()
    {
        var (seen, copy) = await LoseTwoVersionsAsync();
        var bundle = Path.Combine(copy, "tile", "entries", "000.p", seen.TargetsVersion.ToString("D", null));
        var (leaves, note) = (await File.ReadAllBytesAsync(bundle, Ct), await File.ReadAllTextAsync(Path.Combine(copy, "checkpoint"), Ct));

        await RefusedAsync(copy, "are not those that its checkpoint", () => File.WriteAllBytes(bundle, [.. leaves[..^2], (byte)(leaves[^2] == '0' ? '1' : '0'), (byte)'\n']));
        await RefusedAsync(copy, "ends within a leaf", () => File.WriteAllBytes(bundle, leaves[..^2]));
        await RefusedAsync(copy, "is missing", () => File.Delete(bundle));
        await File.WriteAllBytesAsync(bundle, leaves, Ct);
        await RefusedAsync(copy, "Is it of this list", () => File.WriteAllText(Path.Combine(copy, "checkpoint"), note.Replace(List, "no-national", StringComparison.Ordinal)));
        await RefusedAsync(copy, "Is it of this list", () => File.WriteAllText(Path.Combine(copy, "checkpoint"), note.Replace($"\n{seen.TargetsVersion}\n", $"\n{seen.TargetsVersion - 1}\n", StringComparison.Ordinal)));
        await RefusedAsync(copy, "no file \"checkpoint\"", () => File.Delete(Path.Combine(copy, "checkpoint")));
        await File.WriteAllTextAsync(Path.Combine(copy, "checkpoint"), note, Ct);
        Assert.NotNull(await ResumeAsync(copy));

        async Task RefusedAsync(string folder, string why, Action spoil)
        {
            spoil();
            Assert.Contains(why, (await Assert.ThrowsAsync<SigningException>(() => ResumeAsync(folder))).Message, StringComparison.Ordinal);
            Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from publishing.resume"));
        }
    }

    [Fact]
    public async Task Copy_that_is_older_than_the_backup_or_ends_too_early_is_refused_and_a_gap_wants_a_word()
    {
        await PublishNameAsync();
        var older = await CopyAsync("older");
        await PublishNameAsync();
        await World.BackUpAsync();
        await PublishNameAsync();
        var early = await CopyAsync("early");
        await PublishNameAsync();
        var seen = await World.ReadHeadAsync();
        await World.RestoreAsync();

        await RefusedAsync(() => ResumeAsync(older), "it is older than the backup");
        await RefusedAsync(() => ResumeAsync(early, seen.Serial, seen.TargetsVersion), "would end with LOG ALARM");
        await RefusedAsync(() => ResumeAsync(early, seen.Serial + 1001, seen.TargetsVersion), "jumps so far");
        await RefusedAsync(() => ResumeAsync(early, seen.Serial, seen.TargetsVersion + 1001), "jumps so far");
        await RefusedAsync(() => ResumeAsync(null, seen.Serial, seen.TargetsVersion), "Say --log");
        await RefusedAsync(() => ResumeAsync(early, list: "no-such-list"), "has no list no-such-list");

        var resumed = Assert.IsType<ResumedFrom>(await ResumeAsync(early, seen.Serial, seen.TargetsVersion, acceptGap: true));
        Assert.Equal((seen.Serial, seen.TargetsVersion, 1), (resumed.Floor.Serial, resumed.Floor.TargetsVersion, resumed.Leaves));
        await ResumeVerifierAsync();
        Assert.Equal(seen.Serial + 1, Assert.IsType<PublishOutcome.Published>(await World.PublishAsync()).Serial.Value);
    }

    [Fact]
    public async Task Copy_that_parts_from_the_database_is_refused_with_the_place()
    {
        var (seen, copy) = await LoseTwoVersionsAsync();
        // Without its file the verifier cannot know, and the restored platform publishes what it likes.
        await ForgetAsync();
        await PublishNameAsync();
        await RefusedAsync(() => ResumeAsync(copy, seen.Serial, seen.TargetsVersion), $"part at leaf {seen.TargetsVersion - 2}");
    }

    [Fact]
    public async Task Renewals_that_were_lost_count_although_no_leaf_shows_them()
    {
        await PublishNameAsync();
        await World.BackUpAsync();
        await RenewForAsync(TimeSpan.FromDays(2));
        var (seen, copy) = (await World.ReadHeadAsync(), await CopyAsync("copy"));
        await World.RestoreAsync();
        Assert.True((await World.ReadHeadAsync()).TimestampVersion < seen.TimestampVersion - 5);
        // It does not know yet, and signs low numbers anew.
        Assert.True(await RenewAsync());

        Assert.NotNull(await ResumeAsync(copy));
        Assert.True(await RenewAsync());
        var head = await World.ReadHeadAsync();
        Assert.Equal(seen.Serial, head.Serial);
        Assert.True(head.TimestampVersion > seen.TimestampVersion && head.SnapshotVersion > seen.SnapshotVersion && head.TargetsVersion > seen.TargetsVersion);
        await World.VerifyAsClientAsync();
    }

    [Fact]
    public async Task List_that_is_restored_again_and_again_from_one_backup_never_goes_back()
    {
        await PublishNameAsync();
        await World.BackUpAsync();
        for (var round = 0; round < 3; round++)
        {
            await PublishNameAsync();
            await RenewForAsync(TimeSpan.FromHours(40));
            var (seen, checkpoint, copy) = (await World.ReadHeadAsync(), await CheckpointAsync(), await CopyAsync($"copy{round}"));
            await World.RestoreAsync();
            await ResumeVerifierAsync();
            Assert.NotNull(await ResumeAsync(copy, seen.Serial, seen.TargetsVersion));
            // No person is needed for what follows: the next look at the schedule finds that the list is behind.
            Assert.True(await RenewAsync());
            await RequireAboveAsync(seen, checkpoint);
        }
    }

    [Fact]
    public async Task List_whose_backup_is_from_before_its_first_version_goes_on_too()
    {
        await World.BackUpAsync();
        await PublishNameAsync();
        await PublishNameAsync();
        var (seen, checkpoint, copy) = (await World.ReadHeadAsync(), await CheckpointAsync(), await CopyAsync("copy"));
        await World.RestoreAsync();
        await ResumeVerifierAsync();
        Assert.Equal(2, Assert.IsType<ResumedFrom>(await ResumeAsync(copy, seen.Serial, seen.TargetsVersion)).Leaves);
        await DecideNameAsync();
        Assert.Equal(seen.Serial + 1, Assert.IsType<PublishOutcome.Published>(await World.PublishAsync()).Serial.Value);
        await RequireAboveAsync(seen, checkpoint);
    }

    [Fact]
    public async Task Without_a_copy_a_new_log_key_lets_the_list_go_on_by_numbers_alone()
    {
        var (seen, _) = await LoseTwoVersionsAsync();
        await ResumeVerifierAsync();
        await RefusedAsync(() => ResumeAsync(null, seen.Serial, seen.TargetsVersion), "replace the log's key first");
        World.Keys.ReplaceOnlineKey(List, OnlineKeys.LogRole);
        World.Keys.SignRoot(List, 2);
        await World.Publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(World.Keys.RootFile(List, 2), Ct), Ct);
        Assert.NotNull(await ResumeAsync(null, seen.Serial, seen.TargetsVersion));
        Assert.Equal(seen.Serial + 1, Assert.IsType<PublishOutcome.Published>(await World.PublishAsync()).Serial.Value);
        Assert.True((await World.ReadHeadAsync()).TargetsVersion > seen.TargetsVersion);
        await World.VerifyAsClientAsync();
    }

    private Task<bool> RenewAsync() => World.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct);

    private async Task RenewForAsync(TimeSpan time)
    {
        for (var end = World.Now + time; World.Now < end;)
        {
            World.MoveClockTo(World.Now + RenewMetadata.TimestampAge);
            Assert.True(await RenewAsync());
        }
    }

    /// <summary>What the publisher proposed as a version.</summary>
    private async Task<byte[]> ContentAsync(int serial) =>
        (await World.Database.ScalarAsync<byte[]>("select content from publishing.candidate where list = $1 and serial = $2 order by created_at desc limit 1", List, serial))!;

    private static bool IsStep(byte[] content) => content.AsSpan().StartsWith(Format.Lists.Delta.Magic);

    /// <summary>What a client that saw all of it holds the next version to.</summary>
    private async Task RequireAboveAsync(ListHead seen, Checkpoint checkpoint)
    {
        var head = await World.ReadHeadAsync();
        Assert.True(head.Serial > seen.Serial && head.TargetsVersion > seen.TargetsVersion);
        Assert.True(head.SnapshotVersion > seen.SnapshotVersion, $"snapshot {head.SnapshotVersion} after {seen.SnapshotVersion}");
        Assert.True(head.TimestampVersion > seen.TimestampVersion, $"timestamp {head.TimestampVersion} after {seen.TimestampVersion}");
        await World.VerifyAsClientAsync();
        Assert.Equal(checkpoint, await CheckpointAsync(checkpoint.Size));
        await using var db = await ContextAsync();
        using var served = new ServedLog(World.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>());
        var proof = LogProof.Parse((await served.ProofAsync(List, $"{checkpoint.Size}-{head.TargetsVersion}.targets.json", Ct))!.Content);
        var targets = await CurrentState.FileAsync(db, List, $"tuf/{head.TargetsVersion}.targets.json", Ct);
        proof.Open(new LogLeaf(List, Serial.Create(head.Serial), head.TargetsVersion, Hashes.Sha256(targets)), checkpoint, Checkpoint.OriginOf(World.Keys.Deployment, List), LogKey());
    }
}
