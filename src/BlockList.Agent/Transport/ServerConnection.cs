using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Agent.Configuration;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Transport;

/// <summary>
/// The one connection to the server: mutual TLS, HTTP/1.1, no header that is not needed, no redirect, no proxy, and
/// no answer longer than asked for. Bytes from here are untrusted until metadata vouches for them.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    /// <summary>Compression never makes a file much longer; what exceeds this is not the file.</summary>
    private const int CompressionSlack = 1024;

    private const int LongestProblem = 8 * 1024;

    private readonly IDisposable identity;
    private readonly HttpClient http;
    private readonly Patience patience;
    private readonly ServerPause? pause;

    /// <param name="settings">Where, and who we are there.</param>
    /// <param name="patience">How long an answer may take.</param>
    /// <param name="pause">Kept when the server asks for one, and obeyed by every later request.</param>
    public ServerConnection(ServerSettings settings, Patience patience, ServerPause? pause = null)
    {
        this.patience = patience;
        this.pause = pause;
        Address = settings.Address;
        var loaded = ClientIdentity.Load(settings);
        identity = loaded;
        http = Open(loaded.ToTls());
    }

    /// <summary>To a server that knows nobody yet: it alone shows a certificate.</summary>
    /// <param name="server">Where enrolments are taken.</param>
    /// <param name="patience">How long an answer may take.</param>
    public ServerConnection(EnrolmentServer server, Patience patience)
    {
        this.patience = patience;
        Address = server.Address;
        identity = server;
        http = Open(server.ToTls());
    }

    public Uri Address { get; }

    /// <summary>Asks for a file.</summary>
    /// <param name="path">Below the address, without a slash before it.</param>
    /// <param name="maximum">The most bytes that the decoded file may have.</param>
    /// <param name="etag">The tag of the copy at hand; then "not modified" is a possible answer.</param>
    /// <param name="compressed">Whether to offer compression; a request that will most likely end in "no such file" need not.</param>
    /// <exception cref="ServerException">No answer, or a refusal.</exception>
    /// <exception cref="RefusedException">The body is too long or its compression is broken.</exception>
    public async Task<ServerAnswer> GetAsync(string path, long maximum, CancellationToken ct, string? etag = null, bool compressed = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (compressed) request.Headers.TryAddWithoutValidation("Accept-Encoding", "br, gzip");
        if (etag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        return await ExchangeAsync(request, patience.For(maximum), async (response, token) => response.StatusCode switch
        {
            HttpStatusCode.OK => new ServerAnswer(AnswerKind.File, await ReadFileAsync(response, maximum, token), ETagOf(response)),
            HttpStatusCode.NotModified when etag is not null => ServerAnswer.NotModified,
            HttpStatusCode.NotFound => ServerAnswer.NotFound,
            _ => throw await RefusalAsync(response, token),
        }, ct);
    }

    /// <summary>Asks for a file that must exist.</summary>
    public async Task<byte[]> GetFileAsync(string path, long maximum, CancellationToken ct)
    {
        var answer = await GetAsync(path, maximum, ct);
        return answer.Kind == AnswerKind.File
            ? answer.Body
            : throw new ServerException($"{Address.Authority} has no {path}, though it should. Try again later; tell the operator if it stays so.");
    }

    public Task PostAsync(string path, JsonObject body, CancellationToken ct) => ExchangeAsync(
        new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        },
        patience.Whole,
        async (response, token) => response.IsSuccessStatusCode ? true : throw await RefusalAsync(response, token),
        ct);

    /// <summary>Posts, and gets a file that may not be there yet (202): then null.</summary>
    public Task<byte[]?> PostForFileAsync(string path, JsonObject body, long maximum, CancellationToken ct) => ExchangeAsync(
        new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        },
        patience.Whole,
        async (response, token) => response.StatusCode switch
        {
            HttpStatusCode.OK => await ReadFileAsync(response, maximum, token),
            HttpStatusCode.Accepted => null,
            _ => throw await RefusalAsync(response, token),
        },
        ct);

    /// <summary>Opens an answer that goes on without end; whoever reads it minds its length and its silence.</summary>
    public async Task<Stream> OpenAsync(string path, string accept, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(ct);
        first.CancelAfter(patience.Connect + patience.Idle);
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, first.Token);
            if (response.StatusCode == HttpStatusCode.OK) return await response.Content.ReadAsStreamAsync(ct);
            using (response) throw await RefusalAsync(response, first.Token);
        }
        catch (Exception problem) when (Translate(problem, ct) is { } translated)
        {
            throw translated;
        }
    }

    public void Dispose()
    {
        http.Dispose();
        identity.Dispose();
    }

    private HttpClient Open(SslClientAuthenticationOptions tls)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = tls,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = patience.Connect,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = LongestProblem,
            ActivityHeadersPropagator = null,
        };
        return new HttpClient(handler) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = HttpVersion.Version11 };
    }

    private async Task<T> ExchangeAsync<T>(
        HttpRequestMessage request, TimeSpan limit, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(ct);
        whole.CancelAfter(limit);
        try
        {
            if (pause?.Until is { } until)
                throw new ServerException($"{Address.Authority} asked for no request before {until.UtcDateTime:HH:mm:ss} UTC. Nothing was asked.");
            using var first = CancellationTokenSource.CreateLinkedTokenSource(whole.Token);
            first.CancelAfter(patience.Connect + patience.Idle);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, first.Token);
            return await read(response, whole.Token);
        }
        catch (Exception problem) when (Translate(problem, ct) is { } translated)
        {
            throw translated;
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <summary>What a broken exchange means, or null for what is no trouble with the server.</summary>
    private ServerException? Translate(Exception problem, CancellationToken ct) => problem switch
    {
        OperationCanceledException when !ct.IsCancellationRequested =>
            new ServerException($"{Address.Authority} did not answer in time. Try again later; tell the operator if it stays so.", problem),
        HttpRequestException or IOException => new ServerException(Explain(problem), problem),
        _ => null,
    };

    private async Task<byte[]> ReadFileAsync(HttpResponseMessage response, long maximum, CancellationToken ct)
    {
        var encoding = string.Join(',', response.Content.Headers.ContentEncoding);
        if (encoding.Length == 0 && response.Content.Headers.ContentLength > maximum) throw BoundedStream.TooLong(maximum);
        await using var raw = new BoundedStream(
            await response.Content.ReadAsStreamAsync(ct), encoding.Length == 0 ? maximum : maximum + CompressionSlack, patience.Idle);
        try
        {
            await using Stream decoded = encoding switch
            {
                "" => raw,
                "br" => new BrotliStream(raw, CompressionMode.Decompress),
                "gzip" => new GZipStream(raw, CompressionMode.Decompress),
                _ => throw new ServerException($"{Address.Authority} sent a file in the encoding \"{encoding}\", which was not asked for. Tell the operator."),
            };
            return await ReadAllAsync(decoded, maximum, ct);
        }
        catch (Exception problem) when (problem is InvalidDataException or InvalidOperationException)
        {
            throw new RefusedException(RefusalReason.Hash, "the file came with broken compression", problem);
        }
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, long maximum, CancellationToken ct)
    {
        using var collected = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, ct) is > 0 and var count)
        {
            // A short body can unpack to an endless one, so the decoded length is watched too.
            if (collected.Length + count > maximum) throw BoundedStream.TooLong(maximum);
            collected.Write(buffer, 0, count);
        }
        return collected.ToArray();
    }

    private static string? ETagOf(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : null;

    private async Task<ServerException> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = new StringBuilder($"{Address.Authority} refused: ");
        var (code, said) = await ProblemOfAsync(response, ct);
        text.Append(said ?? string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"));
        var wait = WaitOf(response);
        if (wait is { } asked)
        {
            text.Append(CultureInfo.InvariantCulture, $". It asks to wait {(int)asked.TotalSeconds} seconds before the next request");
            pause?.Keep(asked);
        }
        return new ServerException(text.Append('.').ToString()) { RetryAfter = wait, Status = response.StatusCode, Code = code };
    }

    /// <summary><c>Retry-After</c> in either of its two forms; the date is taken by the server's own clock.</summary>
    private static TimeSpan? WaitOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } at } when response.Headers.Date is { } now => at - now,
        _ => null,
    };

    private async Task<(string? Code, string? Said)> ProblemOfAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json") return (null, null);
        try
        {
            var problem = JsonNode.Parse(await ReadFileAsync(response, LongestProblem, ct)) as JsonObject;
            var parts = ((string[])["title", "detail"]).Select(field => (string?)problem?[field]).OfType<string>().Select(Printable).ToArray();
            return ((string?)problem?["type"], parts.Length == 0 ? null : string.Join(": ", parts).TrimEnd('.'));
        }
        catch (Exception unreadable) when (unreadable is System.Text.Json.JsonException or InvalidOperationException or RefusedException)
        {
            return (null, null);
        }
    }

    /// <summary>A server's words end on a terminal: control characters are not let through.</summary>
    private static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c).Take(500)]);

    private string Explain(Exception problem) => problem is HttpRequestException { HttpRequestError: var error }
        ? error switch
        {
            HttpRequestError.NameResolutionError => $"the name {Address.Host} does not resolve. Check [server] address and this machine's DNS.",
            HttpRequestError.ConnectionError => $"{Address.Authority} cannot be reached ({Innermost(problem)}). Check the network, the firewall and [server] address.",
            HttpRequestError.SecureConnectionError => $"no secure connection to {Address.Authority} ({Innermost(problem)}). Its certificate must come from the authority in [server] ca, and it must accept ours.",
            _ => $"the connection to {Address.Authority} broke ({Innermost(problem)}). Try again later; tell the operator if it stays so.",
        }
        : $"the connection to {Address.Authority} broke ({problem.Message}). Try again later; tell the operator if it stays so.";

    private static string Innermost(Exception problem) => problem.GetBaseException().Message.TrimEnd('.');
}
