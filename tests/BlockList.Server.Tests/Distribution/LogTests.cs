using System.Buffers.Binary;
using System.Net;
using System.Text;
using BlockList.Format;
using BlockList.Format.Log;
using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using BlockList.Server.Signing;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>A list's transparency log as anyone reads it who knows the two public descriptions of such logs, and nothing of ours.</summary>
public sealed class LogTests(DistributionNode node) : IClassFixture<DistributionNode>, IAsyncLifetime
{
    private const int Leaves = 300;
    private static readonly string Origin = Checkpoint.OriginOf("test", DistributionNode.List);
    private readonly string keyFile = Path.GetTempFileName();
    private FileSigner signer = null!;
    private ProviderConnection provider = null!;

    public async ValueTask InitializeAsync()
    {
        File.Delete(keyFile);
        signer = FileSigner.Create(keyFile, "x");
        provider = await node.ConnectProviderAsync(DistributionNode.List, DistributionNode.OtherList);
        await node.Database.ExecuteAsync("alter table publishing.log_leaf disable trigger all; alter table publishing.log_node disable trigger all; delete from publishing.log_leaf; delete from publishing.log_node; alter table publishing.log_leaf enable trigger all; alter table publishing.log_node enable trigger all");
    }

    public ValueTask DisposeAsync()
    {
        provider.Dispose();
        signer.Dispose();
        File.Delete(keyFile);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_newest_checkpoint_is_served_and_not_sent_twice()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("checkpoint"));
        var log = await AppendAsync(LogState.Empty, 1, 3);

        using var first = await provider.GetAsync("/v1/worst-of/log/checkpoint", "br");
        using var again = await provider.GetAsync("/v1/worst-of/log/checkpoint", "br", first.Headers.ETag!.ToString());

        Assert.Equal("text/plain; charset=utf-8", first.Content.Headers.ContentType?.ToString());
        Assert.True(first.Headers.CacheControl!.NoCache);
        Assert.False(first.Headers.ETag.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(log.Checkpoint, Checkpoint.Open(await GetAsync("checkpoint"), Origin, signer.Key));
        log = await AppendAsync(log, 4, 4);
        Assert.Equal(log.Checkpoint, Checkpoint.Open(await GetAsync("checkpoint"), Origin, signer.Key));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("checkpoint", DistributionNode.OtherList));
    }

    [Fact]
    public async Task The_tiles_and_bundles_give_the_whole_log_with_its_root()
    {
        var log = await AppendAsync(LogState.Empty, 1, Leaves);
        var checkpoint = Checkpoint.Open(await GetAsync("checkpoint"), Origin, signer.Key);
        Assert.Equal(log.Checkpoint, checkpoint);

        var leaves = Unbundle(await GetAsync("tile/entries/000")).Concat(Unbundle(await GetAsync("tile/entries/001.p/44"))).ToArray();
        Assert.Equal(Enumerable.Range(1, Leaves).Select(n => Leaf(n).ToString()), leaves.Select(Encoding.ASCII.GetString));
        Assert.Equal(checkpoint.Root, MerkleTree.Root(leaves));

        var hashes = (await GetAsync("tile/0/000")).Concat(await GetAsync("tile/0/001.p/44")).Chunk(32).ToArray();
        Assert.Equal(leaves.Select(leaf => Convert.ToHexString(MerkleTree.LeafHash(leaf))), hashes.Select(Convert.ToHexString));
        Assert.Equal(MerkleTree.Root(leaves.Take(256)), await GetAsync("tile/1/000.p/1"));
        // Of every earlier size too, as whoever holds an older checkpoint asks.
        Assert.Equal(hashes.Take(7).SelectMany(hash => hash), await GetAsync("tile/0/000.p/7"));

        using var full = await provider.GetAsync("/v1/worst-of/log/tile/0/000", "br");
        Assert.Equal(("application/octet-stream", "private, max-age=31536000, immutable"), (full.Content.Headers.ContentType?.ToString(), full.Headers.NonValidated["Cache-Control"].ToString()));
        using var bundle = await provider.GetAsync("/v1/worst-of/log/tile/entries/000", "gzip");
        Assert.Equal("gzip", bundle.Content.Headers.ContentEncoding.Single());
        foreach (var missing in (string[])["tile/0/001", "tile/0/001.p/45", "tile/0/002.p/1", "tile/1/000", "tile/1/000.p/2", "tile/2/000.p/1", "tile/entries/001", "tile/entries/001.p/45", "tile/entries/002.p/1",
            "tile/", "tile/0", "tile/0/0", "tile/0/000.p/0", "tile/9/000", "tile/entries/x000/000", "other", ""])
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(missing));
    }

    [Fact]
    public async Task One_answer_shows_a_clients_step_whichever_it_is()
    {
        var points = new List<Checkpoint>();
        var log = LogState.Empty;
        for (var n = 1; n <= 40; n++) points.Add((log = await AppendAsync(log, n, n)).Checkpoint!);
        foreach (var to in (int[])[1, 2, 7, 8, 9, 31, 32, 33, 40])
        {
            foreach (var from in Enumerable.Range(0, to + 1))
            {
                // Targets begin at 11 here: numbers of targets and sizes are not the same.
                var proof = await GetAsync($"proof/{from}-{to + 10}.targets.json");
                var checkpoint = LogProof.Parse(proof).Open(Leaf(to), from == 0 ? null : points[from - 1], Origin, signer.Key);
                Assert.Equal(points[to - 1], checkpoint);
                Assert.Equal(proof, await GetAsync($"proof/{from}-{to}"));
            }
        }
        var shorter = LogProof.Parse(await GetAsync("proof/41-50.targets.json"));
        Assert.Empty(shorter.Consistency);
        Assert.Contains("the log has 40 leaves, but 41 were signed before", Assert.Throws<Format.Tuf.RefusedException>(() =>
            shorter.Open(Leaf(40), new Checkpoint(Origin, 41, new byte[32]), Origin, signer.Key)).Message, StringComparison.Ordinal);

        using var packed = await provider.GetAsync("/v1/worst-of/log/proof/39-50.targets.json", "br");
        Assert.Equal(("br", "text/plain; charset=utf-8", "private, max-age=31536000, immutable"),
            (packed.Content.Headers.ContentEncoding.Single(), packed.Content.Headers.ContentType?.ToString(), packed.Headers.NonValidated["Cache-Control"].ToString()));
        foreach (var missing in (string[])["1-41", "1-0", "0-0", "1-51.targets.json", "1-10.targets.json", "1", "-1", "1-", "-1-2", "01-2", "1-02", "+1-2", "1-2-3", "1-2.snapshot.json", "1-.targets.json", "9223372036854775807-2", "99999999999999999999-2", "1-99999999999999999999", "a-b", "٣-٤"])
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("proof/" + missing));
        Assert.Contains(await node.RowsAsync(provider.Sha256), row => row is { List: "worst-of", Path: "log/proof/39-50.targets.json", Status: 200, Bytes: > 0 });
    }

    [Fact]
    public async Task A_log_of_a_list_that_is_not_the_providers_is_not_shown()
    {
        using var other = await node.ConnectProviderAsync(DistributionNode.OtherList);
        foreach (var path in (string[])["checkpoint", "tile/0/000", "tile/entries/000.p/1", "proof/0-1"])
        {
            using var response = await other.GetAsync($"/v1/worst-of/log/{path}");
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    private async Task<LogState> AppendAsync(LogState log, int first, int last)
    {
        await using var connection = new NpgsqlConnection(node.Database.Publisher);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        for (var n = first; n <= last; n++)
        {
            var step = log.Append(Leaf(n), Origin, signer);
            await StoreLog.RunAsync(connection, DistributionNode.List, step, TestContext.Current.CancellationToken);
            log = new LogState(step.Checkpoint, log.Peaks.Concat(step.Nodes).ToDictionary());
        }
        return log;
    }

    private static LogLeaf Leaf(int n) => new(DistributionNode.List, Serial.Create(n), n + 10, Hashes.Sha256(BitConverter.GetBytes(n)));

    private static IEnumerable<byte[]> Unbundle(byte[] bundle)
    {
        for (var at = 0; at < bundle.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
            yield return bundle[(at + 2)..(at + 2 + length)];
            at += 2 + length;
        }
    }

    private async Task<byte[]> GetAsync(string path)
    {
        using var response = await provider.GetAsync($"/v1/worst-of/log/{path}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string list = DistributionNode.List)
    {
        using var response = await provider.GetAsync($"/v1/{list}/log/{path}");
        return response.StatusCode;
    }
}
