using System.IO.Compression;
using System.Net;
using System.Text;
using BlockList.Format;
using Microsoft.Extensions.Logging;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

public sealed class DownloadTests(DistributionNode node) : IClassFixture<DistributionNode>
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"name-{i:d4}.example\n")));

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip;q=1.0, br;q=0.5", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("br;q=0.2, identity;q=0.9", null)]
    public async Task Every_encoding_decodes_to_the_published_bytes(string? accepted, string? encoding)
    {
        var path = $"targets/{Hashes.Sha256(Encoding.ASCII.GetBytes($"{accepted}/{encoding}"))}.list.txt";
        await node.PublishAsync(path, Content);
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.GetAsync($"/v1/worst-of/{path}", accepted);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; charset=us-ascii", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(encoding is null ? [] : [encoding], response.Content.Headers.ContentEncoding);
        Assert.Equal("Accept-Encoding", response.Headers.Vary.Single());
        Assert.Equal("private, max-age=31536000, immutable", response.Headers.NonValidated["Cache-Control"].ToString());
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Content, Decode(body, encoding));
        var row = Assert.Single(await node.RowsAsync(provider.Sha256));
        Assert.Equal(("worst-of", path, 200, body.Length), (row.List, row.Path, row.Status, row.Bytes));
        Assert.NotNull(row.Provider);
    }

    [Fact]
    public async Task File_that_compression_does_not_shorten_is_sent_as_it_is()
    {
        await node.PublishAsync("tuf/1.root.json", "{}"u8.ToArray(), compressed: false);
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.GetAsync("/v1/worst-of/tuf/1.root.json", "br, gzip");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("br", "\"140b\"")]
    [InlineData("gzip", "\"140g\"")]
    [InlineData(null, "\"140\"")]
    public async Task Timestamp_has_a_tag_for_each_encoding_and_is_not_sent_twice(string? accepted, string tag)
    {
        await node.PublishTimestampAsync(140, Content);
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var first = await provider.GetAsync("/v1/worst-of/tuf/timestamp.json", accepted);
        using var again = await provider.GetAsync("/v1/worst-of/tuf/timestamp.json", accepted, tag);
        using var weak = await provider.GetAsync("/v1/worst-of/tuf/timestamp.json", accepted, $"\"139b\", W/{tag}");
        using var otherEncoding = await provider.GetAsync("/v1/worst-of/tuf/timestamp.json", accepted, "\"140x\"");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(Content, Decode(await first.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), accepted));
        Assert.All([first, again, weak, otherEncoding], response =>
        {
            Assert.Equal(tag, response.Headers.ETag?.ToString());
            Assert.True(response.Headers.CacheControl?.NoCache);
            Assert.Equal("Accept-Encoding", response.Headers.Vary.Single());
        });
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, weak.StatusCode);
        Assert.Equal(HttpStatusCode.OK, otherEncoding.StatusCode);
        var rows = await node.RowsAsync(provider.Sha256);
        Assert.Equal([200, 304, 304, 200], rows.Select(r => r.Status));
        Assert.Equal(0, rows[1].Bytes);
        Assert.All(rows, row => Assert.Equal("tuf/timestamp.json", row.Path));
    }

    [Fact]
    public async Task New_timestamp_is_served_at_once()
    {
        await node.PublishTimestampAsync(7, "seven"u8.ToArray(), DistributionNode.OtherList);
        using var provider = await node.ConnectProviderAsync(DistributionNode.OtherList);
        using var before = await provider.GetAsync("/v1/national/tuf/timestamp.json");

        await node.PublishTimestampAsync(8, "eight"u8.ToArray(), DistributionNode.OtherList);
        using var after = await provider.GetAsync("/v1/national/tuf/timestamp.json", ifNoneMatch: before.Headers.ETag!.ToString());

        Assert.Equal("eight", await after.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Next_root_that_does_not_exist_is_a_plain_404_until_it_does()
    {
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var missing = await provider.GetAsync("/v1/worst-of/tuf/900.root.json");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.True(missing.Headers.CacheControl?.NoStore);
        Assert.Empty(await missing.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        await node.PublishAsync("tuf/900.root.json", Content);
        using var found = await provider.GetAsync("/v1/worst-of/tuf/900.root.json");
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal([(404, 0L), (200, Content.Length)], (await node.RowsAsync(provider.Sha256)).Select(r => (r.Status, r.Bytes)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/worst-of")]
    [InlineData("/v1/worst-of/tuf/")]
    [InlineData("/v1/worst-of/targets/")]
    [InlineData("/v1/worst-of/targets/..%2f..%2fetc/passwd")]
    [InlineData("/v1/worst-of/tuf/1.ROOT.json")]
    public async Task Address_that_leads_nowhere_is_a_404_and_a_row(string path)
    {
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(404, Assert.Single(await node.RowsAsync(provider.Sha256)).Status);
    }

    [Fact]
    public async Task Head_says_the_length_and_sends_nothing()
    {
        await node.PublishAsync("tuf/2.snapshot.json", Content);
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.SendAsync(HttpMethod.Head, "/v1/worst-of/tuf/2.snapshot.json");

        Assert.Equal(Content.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, Assert.Single(await node.RowsAsync(provider.Sha256)).Bytes);
    }

    [Fact]
    public async Task Http_2_serves_the_same()
    {
        await node.PublishAsync("tuf/2.targets.json", Content);
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.SendAsync(HttpMethod.Get, "/v1/worst-of/tuf/2.targets.json", "br", version: HttpVersion.Version20);

        Assert.Equal(Content, Decode(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), "br"));
    }

    [Fact]
    public async Task Headers_do_not_name_the_server()
    {
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.GetAsync("/v1/whoami");

        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Timestamp_older_than_one_served_before_is_withheld()
    {
        const string list = "enforcement-test";
        await node.Database.ExecuteAsync("insert into criteria.list (id, test_domain) values ($1, 'blocklist-test.example')", list);
        await node.PublishTimestampAsync(12, "twelve"u8.ToArray(), list);
        using var provider = await node.ConnectProviderAsync(list);
        using var newer = await provider.GetAsync("/v1/enforcement-test/tuf/timestamp.json");
        Assert.Equal(HttpStatusCode.OK, newer.StatusCode);

        await node.PublishTimestampAsync(11, "eleven"u8.ToArray(), list);
        using var older = await provider.GetAsync("/v1/enforcement-test/tuf/timestamp.json", ifNoneMatch: "\"11\"");

        var (code, _) = await ProviderConnection.ProblemAsync(older, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("timestamp-older", code);
        Assert.Equal(TimeSpan.FromSeconds(60), older.Headers.RetryAfter?.Delta);
        Assert.Contains(node.Log.At(LogLevel.Error), line => line.Contains("offers timestamp 11 of enforcement-test, but 12", StringComparison.Ordinal));
        Assert.Equal((503, "timestamp-older"), (await node.RowsAsync(provider.Sha256)).Select(r => (r.Status, r.Refusal!)).Last());

        // Gone altogether is older, too: an empty database is what a botched restore looks like.
        await node.Database.ExecuteAsync("delete from publishing.head where list = $1", list);
        using var gone = await provider.GetAsync("/v1/enforcement-test/tuf/timestamp.json");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, gone.StatusCode);
    }

    [Theory]
    [InlineData("content", "br")]
    [InlineData("brotli", null)]
    [InlineData("gzip", null)]
    public async Task Content_that_was_changed_in_the_database_is_not_served(string column, string? accepted)
    {
        var path = $"targets/{Hashes.Sha256(Encoding.ASCII.GetBytes(column))}.manifest.txt";
        await node.PublishAsync(path, Content);
        var tampered = Encoding.ASCII.GetBytes("innocent.example\n");
        await TamperAsync(path, column, column switch { "brotli" => DistributionNode.Brotli(tampered), "gzip" => DistributionNode.Gzip(tampered), _ => tampered });
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.GetAsync($"/v1/worst-of/{path}", accepted);

        await ProviderConnection.ProblemAsync(response, HttpStatusCode.InternalServerError);
        Assert.Contains(node.Log.At(LogLevel.Critical), line => line.Contains(path, StringComparison.Ordinal));
        Assert.DoesNotContain(node.Log.At(LogLevel.Critical), line => line.Contains("innocent.example", StringComparison.Ordinal));
        Assert.Equal((500, "fault"), Assert.Single((await node.RowsAsync(provider.Sha256)).Select(r => (r.Status, r.Refusal!))));
    }

    [Fact]
    public async Task Content_once_checked_is_served_from_memory()
    {
        const string path = "targets/delta/0000000000000000000000000000000000000000000000000000000000000000.4-5.txt";
        await node.PublishAsync(path, Content);
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);
        using var before = await provider.GetAsync($"/v1/worst-of/{path}");

        await TamperAsync(path, "content", "innocent.example\n"u8.ToArray());
        using var after = await provider.GetAsync($"/v1/worst-of/{path}");

        Assert.Equal(Content, await after.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Log_holds_no_listed_name()
    {
        var path = $"targets/{new string('1', 64)}.list.txt";
        await node.PublishAsync(path, "very-secret-name.example\n"u8.ToArray());
        using var provider = await node.ConnectProviderAsync(DistributionNode.List);

        using var response = await provider.GetAsync($"/v1/worst-of/{path}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(Enum.GetValues<LogLevel>().SelectMany(node.Log.At), line => line.Contains("very-secret-name", StringComparison.Ordinal));
    }

    /// <summary>The way around the trigger that keeps files as they were written.</summary>
    private Task<int> TamperAsync(string path, string column, byte[] content) => node.Database.ExecuteAsync(
        $"""
        do $$ begin
          set local session_replication_role = replica;
          update publishing.file set {column} = '\x{Convert.ToHexString(content)}' where path = '{path}';
        end $$
        """);

    private static byte[] Decode(byte[] body, string? encoding)
    {
        using Stream stream = encoding switch
        {
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => new MemoryStream(body),
        };
        using var decoded = new MemoryStream();
        stream.CopyTo(decoded);
        return decoded.ToArray();
    }
}
