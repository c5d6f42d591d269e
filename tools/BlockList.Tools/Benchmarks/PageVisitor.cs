using System.Diagnostics;
using System.Net.Http.Headers;
using BlockList.Server.Http.Pages;

namespace BlockList.Tools.Benchmarks;

/// <summary>A signed-in person on one kept-open connection, who asks for one page at a time.</summary>
internal sealed class PageVisitor : IDisposable
{
    private readonly HttpClient client;
    private string? cookie;

    private PageVisitor(string address) =>
        client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };

    /// <summary>By the development page, as a demo person would.</summary>
    public static async Task<PageVisitor> SignInAsync(string address, string person, CancellationToken cancellationToken)
    {
        var visitor = new PageVisitor(address);
        using (var shown = await visitor.client.GetAsync("/development/sign-in", cancellationToken)) visitor.cookie = CookieOf(shown, FormTokens.VisitorCookie);
        using var request = visitor.Form("/development/sign-in", [("person", person), ("to", "/account")]);
        using var signedIn = await visitor.client.SendAsync(request, cancellationToken);
        visitor.cookie = CookieOf(signedIn, FormTokens.SessionCookie);
        return visitor;
    }

    /// <summary>Nobody: asks for pages that visitors see.</summary>
    public static PageVisitor Anonymous(string address) => new(address);

    /// <summary>Milliseconds until the whole answer is here.</summary>
    public async Task<double> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await SendAsync(request, cancellationToken);
    }

    public async Task<double> PostAsync(string path, IEnumerable<(string Name, string Value)> fields, CancellationToken cancellationToken)
    {
        using var request = Form(path, fields);
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a file with its fields; where the answer leads.</summary>
    public async Task<string> UploadAsync(string path, string file, IEnumerable<(string Name, string Value)> fields, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        var content = new MultipartFormDataContent { { new StringContent(FormTokens.Of(Secret)), FormTokens.Field } };
        foreach (var (name, value) in fields) content.Add(new StringContent(value), name);
        content.Add(new StreamContent(stream), "file", Path.GetFileName(file));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Cookie", cookie } } };
        using var response = await client.SendAsync(request, cancellationToken);
        return response.Headers.Location?.ToString() ?? throw new InvalidOperationException($"The upload was answered with {(int)response.StatusCode}.");
    }

    /// <summary>What a page says.</summary>
    public async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var response = await client.SendAsync(request, cancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private async Task<double> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        // A refusal is quick and measures nothing; a way to another page is the whole answer of some.
        if ((int)response.StatusCode >= 400 || response.Headers.Location?.ToString().StartsWith("/sign-in", StringComparison.Ordinal) == true)
            throw new InvalidOperationException($"{request.Method} {request.RequestUri} answered {(int)response.StatusCode}: it cannot be measured.");
        return elapsed;
    }

    private HttpRequestMessage Form(string path, IEnumerable<(string Name, string Value)> fields)
    {
        var content = new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), KeyValuePair.Create(FormTokens.Field, FormTokens.Of(Secret))]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Cookie", cookie } } };
    }

    private string Secret => cookie![(cookie!.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static string CookieOf(HttpResponseMessage response, string name) => response.Headers.TryGetValues("Set-Cookie", out var set) && set.FirstOrDefault(c => c.StartsWith(name + "=", StringComparison.Ordinal)) is { } found
        ? found.Split(';')[0]
        : throw new InvalidOperationException($"The development sign-in gave no cookie {name}.");
}
