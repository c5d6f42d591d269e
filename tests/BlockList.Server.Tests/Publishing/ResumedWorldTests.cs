using System.Text;
using BlockList.Format.Log;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Distribution;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Resuming;
using BlockList.Server.Signing;
using BlockList.Server.Verifying;
using BlockList.Tools.Development;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>A list whose database is restored from a backup, what people outside still have of it, and the commands that let it go on.</summary>
/// <param name="postgres">Shared by all tests.</param>
public abstract class ResumedWorldTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    private readonly StateDirectory outside = StateDirectory.Temporary();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        outside.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One version in the backup, two that are lost.</summary>
    private protected async Task<(ListHead Seen, string Copy)> LoseTwoVersionsAsync()
    {
        await PublishNameAsync();
        await World.BackUpAsync();
        await PublishNameAsync();
        await PublishNameAsync();
        var (seen, copy) = (await World.ReadHeadAsync(), await CopyAsync("copy"));
        await World.RestoreAsync();
        return (seen, copy);
    }

    private protected async Task ForgetAsync()
    {
        await World.StopVerifierAsync();
        File.Delete(World.Keys.VerifierRecordFile);
        await World.StartVerifierAsync();
    }

    private protected Task<ResumedFrom?> ResumeAsync(string? copy, int? serial = null, int? targets = null, bool acceptGap = false, string list = List) =>
        World.Publisher.GetRequiredService<ResumeList>().RunAsync(new ResumeRequest(list, copy, serial, targets, acceptGap, "test"), Ct);

    private protected Task<KnownSignatures?> ResumeVerifierAsync(int? serial = null, int? targets = null, string list = List) => World.Verifier!.Get<ResumeSigning>().RunAsync(list, serial, targets, Ct);

    private protected static async Task RefusedAsync<T>(Func<Task<T>> play, string why) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<SigningException>(play)).Message, StringComparison.Ordinal);

    private protected async Task PublishNameAsync()
    {
        await DecideNameAsync();
        Assert.IsType<PublishOutcome.Published>(await World.PublishAsync());
    }

    private protected async Task DecideNameAsync()
    {
        var name = World.NewName();
        // The database's clock, by which decisions are received, does not move with ours.
        await World.ProposeAsync("anna", name, sightedAt: TimeProvider.System.GetUtcNow().AddDays(-1));
        await World.ReviewAsync("bram", name);
    }

    /// <summary>The log as somebody outside fetches it.</summary>
    private protected async Task<string> CopyAsync(string name)
    {
        var folder = outside.Directory(name);
        using var served = new ServedLog(World.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>());
        await File.WriteAllBytesAsync(Path.Combine(folder, "checkpoint"), (await served.NewestAsync(List, Ct))!.Content, Ct);
        var tile = new LogTile(null, 0, (int)(await CheckpointAsync()).Size).ToPath();
        var file = Path.Combine(folder, "tile", tile);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, (await served.TileAsync(List, tile, Ct))!.Content, Ct);
        return folder;
    }

    private protected async Task<Checkpoint> CheckpointAsync(long? size = null)
    {
        await using var db = await ContextAsync();
        var leaf = await db.LogLeaves.AsNoTracking().Where(l => l.List == List && (size == null || l.Position == size - 1)).OrderByDescending(l => l.Position).FirstAsync(Ct);
        return Checkpoint.Open(Encoding.UTF8.GetBytes(leaf.Checkpoint), Checkpoint.OriginOf(World.Keys.Deployment, List), LogKey());
    }

    private protected VerificationKey LogKey() => RootDocument.Parse(SignedDocument.Parse(File.ReadAllBytes(World.Keys.RootFile(List))).Signed).LogKey!;

    private protected Task<BlockListDb> ContextAsync() => World.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(Ct);
}
