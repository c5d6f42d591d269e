using System.Text;
using BlockList.Format;
using BlockList.Format.Log;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Publishing;
using BlockList.Server.Signing;
using BlockList.Tools.Deployments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Every signing of targets is a leaf of the list's log, in the transaction that exposes it, and nothing else is.</summary>
public sealed class LogTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string List = DevelopmentKeys.WorstOf;
    private readonly PublishingWorld world = new(postgres);

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_a_signing_anew_and_a_rotation_are_leaves_and_a_new_timestamp_is_none()
    {
        await world.PublishAsync();
        await PublishNameAsync();
        world.MoveClockTo(world.Now.AddDays(3));
        Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
        Assert.Equal("1 2 3", await VerifyLogAsync());

        world.MoveClockTo(world.Now.AddHours(7));
        Assert.True(await RenewAsync());
        Assert.Equal("1 2 3", await VerifyLogAsync());

        await RotateAsync(RoleName.Timestamp, 2);
        Assert.True(await RenewAsync());
        Assert.Equal("1 2 3 4", await VerifyLogAsync());
    }

    [Fact]
    public async Task A_new_log_key_signs_the_same_log_on()
    {
        await world.PublishAsync();
        await PublishNameAsync();
        await RotateAsync(OnlineKeys.LogRole, 2);
        Assert.True(await RenewAsync());
        await PublishNameAsync();

        Assert.Equal("1 2 3 4", await VerifyLogAsync());
        var notes = await LeavesAsync();
        Assert.Equal(4, Open(notes[3], await RootAsync(2)).Size);
        Assert.Throws<Format.Json.MalformedDocumentException>(() => Open(notes[3], Root(1)));
        Assert.Equal(2, Open(notes[1], Root(1)).Size);
    }

    [Fact]
    public async Task Publishers_that_meet_leave_one_leaf_for_each_version_that_is_exposed()
    {
        await world.PublishAsync();
        await using var other = world.NewPublisher();
        for (var round = 0; round < 4; round++)
        {
            await DecideNameAsync();
            var outcomes = await Task.WhenAll(new[] { world.Publisher, other, world.Publisher, other }.Select(p => p.GetRequiredService<PublishVersion>().RunAsync(List, null, Ct)));
            Assert.Contains(outcomes, o => o is PublishOutcome.Published);
            Assert.Single(outcomes, o => o is PublishOutcome.Published);
        }
        // A number of targets that the verifier signed for the one who came second is used up.
        await VerifyLogAsync();
        Assert.Equal([1, 2, 3, 4, 5], (await LeavesAsync()).Select(l => LogLeaf.Parse(Encoding.ASCII.GetBytes(l.Leaf)).Version.Value));
    }

    [Fact]
    public async Task Leaves_that_came_back_after_a_restore_are_gone_on_from()
    {
        await world.PublishAsync();
        await using (var db = await ContextAsync())
        {
            var publisher = world.Publisher;
            var current = await CurrentState.ReadAsync(db, List, publisher.GetRequiredService<PinnedRegister>().Roots, Ct);
            var step = current.Log.Append(new LogLeaf(List, Serial.Create(2), 7, new string('0', 64)), Checkpoint.OriginOf(world.Keys.Deployment, List), publisher.GetRequiredService<OnlineKeys>().Of(List, current.Root).Log!);
            await using var connection = new NpgsqlConnection(world.Database.Publisher);
            await connection.OpenAsync(Ct);
            await StoreLog.RunAsync(connection, List, step, Ct);
        }
        await PublishNameAsync();

        var head = await world.ReadHeadAsync();
        Assert.Equal(8, head.TargetsVersion);
        Assert.Equal([1, 7, 8], (await LeavesAsync()).Select(l => l.TargetsVersion));
        await world.VerifyAsClientAsync();
    }

    [Fact]
    public async Task A_log_of_many_leaves_stays_one_log()
    {
        await world.PublishAsync();
        for (var day = 0; day < 40; day++)
        {
            world.MoveClockTo(world.Now.AddDays(4));
            Assert.IsType<PublishOutcome.Unchanged>(await world.PublishAsync());
        }
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 41)), await VerifyLogAsync());
        // As many rows as complete subtrees: about two for each leaf.
        Assert.Equal(41L + 20 + 10 + 5 + 2 + 1, await world.Database.ScalarAsync<long>("select count(*) from publishing.log_node where list = $1", List));
    }

    [Fact]
    public async Task Nothing_is_signed_on_top_of_a_log_that_was_altered()
    {
        await world.PublishAsync();
        await PublishNameAsync();
        await DecideNameAsync();
        await world.Database.ExecuteAsync("create table public.leaves as table publishing.log_leaf; create table public.nodes as table publishing.log_node");
        string[] alterations =
        [
            "update publishing.log_leaf set leaf = replace(leaf, 'version 2', 'version 3') where position = 1",
            "update publishing.log_leaf set leaf = 'x' where position = 1",
            "update publishing.log_leaf set checkpoint = (select checkpoint from publishing.log_leaf where list = 'worst-of' and position = 0) where position = 1",
            "update publishing.log_leaf set checkpoint = replace(checkpoint, 'worst-of', 'worse-of') where position = 1",
            "update publishing.log_node set hash = sha256(hash) where level = 1",
            "delete from publishing.log_node where level = 1",
            "delete from publishing.log_leaf where position = 1",
        ];
        foreach (var sql in alterations)
        {
            await AlterAsync($"{sql} and list = 'worst-of'");
            var refused = await Assert.ThrowsAsync<SigningException>(() => world.PublishAsync());
            Assert.Contains("The transparency log of list worst-of is not what was signed", refused.Message, StringComparison.Ordinal);
            Assert.Equal(2, (await world.ReadHeadAsync()).Serial);
            await AlterAsync("delete from publishing.log_leaf; delete from publishing.log_node; insert into publishing.log_leaf table public.leaves; insert into publishing.log_node table public.nodes");
        }
        Assert.IsType<PublishOutcome.Published>(await world.PublishAsync());
        Assert.Equal("1 2 3", await VerifyLogAsync());
    }

    [Fact]
    public async Task The_database_holds_a_publisher_to_its_log()
    {
        await world.PublishAsync();
        const string Insert = "insert into publishing.log_leaf (list, position, targets_version, leaf, root_sha256, checkpoint)";
        const string From = "leaf, root_sha256, checkpoint from publishing.log_leaf where list = 'worst-of'";
        await RefusedAsync("update publishing.head set targets_version = targets_version + 1 where list = 'worst-of'", "head_offers_what_is_logged");
        await RefusedAsync($"{Insert} select list, position + 2, 9, {From}", "log_leaf_follows_the_last");
        await RefusedAsync($"{Insert} select list, position + 1, targets_version, {From}", "log_leaf_of_each_signing");

        async Task RefusedAsync(string sql, string constraint)
        {
            await using var connection = new NpgsqlConnection(world.Database.Publisher);
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand(sql, connection);
            Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct))).ConstraintName);
        }
    }

    [Fact]
    public async Task Nothing_of_a_version_that_is_not_exposed_is_in_the_log()
    {
        await world.PublishAsync();
        await world.Database.ExecuteAsync("insert into publishing.file (list, path, sha256, content) values ($1, 'tuf/2.targets.json', 'of another', 'x')", List);
        await DecideNameAsync();
        await Assert.ThrowsAsync<SigningException>(() => world.PublishAsync());
        Assert.Equal("1", await VerifyLogAsync());
    }

    [Fact]
    public async Task A_list_whose_root_names_no_log_key_has_no_log_until_a_root_names_one()
    {
        var first = WithoutLog(1);
        await world.Database.ExecuteAsync("alter table publishing.file disable trigger all");
        await using (var connection = new NpgsqlConnection(world.Database.Migrate))
        {
            await connection.OpenAsync(Ct);
            await using var command = new NpgsqlCommand("update publishing.file set content = $1 where list = 'worst-of' and path = 'tuf/1.root.json'", connection);
            command.Parameters.AddWithValue(first);
            await command.ExecuteNonQueryAsync(Ct);
        }
        await world.Database.ExecuteAsync("alter table publishing.file enable trigger all");
        File.Delete(OnlineKeys.PathOf(world.Keys.OnlineFolder, List, OnlineKeys.LogRole));
        await world.PublishAsync();
        await PublishNameAsync();
        Assert.Empty(await LeavesAsync());

        await RotateAsync(OnlineKeys.LogRole, 2);
        await PublishNameAsync();
        Assert.Equal("3", await VerifyLogAsync());
    }

    [Fact]
    public async Task A_root_that_ends_the_log_is_not_taken()
    {
        await world.PublishAsync();
        var refused = await Assert.ThrowsAsync<SigningException>(() => world.Publisher.GetRequiredService<TakeRoot>().RunAsync(WithoutLog(2), Ct));
        Assert.Contains("A log does not end", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Everything an outsider can check of the log.</summary>
    /// <returns>The targets versions, in order.</returns>
    private async Task<string> VerifyLogAsync()
    {
        await using var db = await ContextAsync();
        var leaves = await LeavesAsync();
        var head = await world.ReadHeadAsync();
        var nodes = await db.LogNodes.AsNoTracking().Where(n => n.List == List).ToDictionaryAsync(n => new TreeNode(n.Level, n.Index), n => n.Hash, Ct);
        var tree = new StoredTree(node => nodes[node]);
        for (var position = 0; position < leaves.Count; position++)
        {
            var row = leaves[position];
            var leaf = LogLeaf.Parse(Encoding.ASCII.GetBytes(row.Leaf));
            Assert.Equal((position, row.TargetsVersion, List), (row.Position, leaf.TargetsVersion, leaf.List));
            Assert.Equal(Hashes.Sha256(await CurrentState.FileAsync(db, List, $"tuf/{row.TargetsVersion}.targets.json", Ct)), leaf.TargetsSha256);
            var root = Format.Statements.MerkleTree.Root(leaves.Take(position + 1).Select(l => Encoding.ASCII.GetBytes(l.Leaf)));
            Assert.Equal(Convert.ToHexStringLower(root), row.RootSha256);
            Assert.Equal(root, tree.Root(position + 1));
            Assert.Contains($"\n{position + 1}\n{Convert.ToBase64String(root)}\n", row.Checkpoint, StringComparison.Ordinal);
        }
        Assert.Equal(head.TargetsVersion, leaves[^1].TargetsVersion);
        Assert.Equal(leaves.Count, Open(leaves[^1], await RootAsync(head.RootVersion)).Size);
        await world.VerifyAsClientAsync();
        return string.Join(' ', leaves.Select(l => l.TargetsVersion));
    }

    private async Task<List<LoggedLeaf>> LeavesAsync()
    {
        await using var db = await ContextAsync();
        return await db.LogLeaves.AsNoTracking().Where(l => l.List == List).OrderBy(l => l.Position).ToListAsync(Ct);
    }

    private Checkpoint Open(LoggedLeaf leaf, RootDocument root) =>
        Checkpoint.Open(Encoding.UTF8.GetBytes(leaf.Checkpoint), Checkpoint.OriginOf(world.Keys.Deployment, List), root.LogKey!);

    private async Task<RootDocument> RootAsync(int version)
    {
        await using var db = await ContextAsync();
        return RootDocument.Parse(SignedDocument.Parse(await CurrentState.FileAsync(db, List, $"tuf/{version}.root.json", Ct)).Signed);
    }

    private RootDocument Root(int version) => RootDocument.Parse(SignedDocument.Parse(File.ReadAllBytes(world.Keys.RootFile(List, version))).Signed);

    /// <summary>Signed by the holders as every root is.</summary>
    private byte[] WithoutLog(int version)
    {
        var passphrase = File.ReadLines(world.Keys.PassphraseFile).First();
        var offline = Path.Combine(Path.GetDirectoryName(world.Keys.OnlineFolder)!, "offline");
        using var one = FileSigner.Open(Path.Combine(offline, "root1.p8"), passphrase);
        using var two = FileSigner.Open(Path.Combine(offline, "root2.p8"), passphrase);
        return RootCeremony.Sign((Root(1) with { Version = version, LogKey = null }).ToJson(), [one, two]);
    }

    private async Task RotateAsync(string role, int version)
    {
        if (File.Exists(OnlineKeys.PathOf(world.Keys.OnlineFolder, List, role))) world.Keys.ReplaceOnlineKey(List, role);
        else world.Keys.ReplaceOnlineKey(DevelopmentKeys.EnforcementTest, RoleName.Snapshot);
        world.Keys.SignRoot(List, version);
        await world.Publisher.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(world.Keys.RootFile(List, version), Ct), Ct);
    }

    private Task<bool> RenewAsync() => world.Publisher.GetRequiredService<RenewMetadata>().RunAsync(List, Ct);

    private async Task PublishNameAsync()
    {
        await DecideNameAsync();
        Assert.IsType<PublishOutcome.Published>(await world.PublishAsync());
    }

    private async Task DecideNameAsync()
    {
        var name = world.NewName();
        await world.ProposeAsync("anna", name);
        await world.ReviewAsync("bram", name);
    }

    private Task<int> AlterAsync(string sql) => world.Database.ExecuteAsync(
        $"alter table publishing.log_leaf disable trigger all; alter table publishing.log_node disable trigger all; {sql}; alter table publishing.log_leaf enable trigger all; alter table publishing.log_node enable trigger all");

    private Task<BlockListDb> ContextAsync() => world.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(Ct);
}
