using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using BlockList.Server.Http.Pages;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>
/// As much of a browser as pages without script need: cookies, the Origin and Fetch Metadata headers, redirects, forms.
/// Its own cookies, since those of HttpClient never send a secure one to http://localhost, and browsers do.
/// </summary>
internal sealed class Browser(Uri address, CapturedLog log) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ConnectCallback = ConnectAsync }) { BaseAddress = address };

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public string Origin => address.GetLeftPart(UriPartial.Authority);

    /// <summary>Of the page that was shown last; what <see cref="PostAsync"/> carries.</summary>
    public string? FormToken { get; set; }

    /// <summary>Where the last page was shown.</summary>
    public string Path { get; private set; } = "/";

    /// <summary>Follows redirects and shows what comes, whatever its status.</summary>
    public Task<Page> GetAsync(string path) => SendAndFollowAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>One request, with no redirect followed.</summary>
    public Task<Page> GetOnceAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    /// <summary>Posts fields with the token of the last page, and follows redirects.</summary>
    public Task<Page> PostAsync(string path, params (string Name, string Value)[] fields) => SendAndFollowAsync(Post(path, fields));

    /// <summary>Posts fields with the token of the last page; no redirect is followed.</summary>
    public Task<Page> PostOnceAsync(string path, params (string Name, string Value)[] fields) => SendAsync(Post(path, fields));

    /// <summary>Sends a form of a page as a click on its button would, with some fields changed.</summary>
    /// <param name="page">That shows it.</param>
    /// <param name="selector">Of the form, or of the button that is clicked.</param>
    /// <param name="changes">What is typed; null leaves the field out.</param>
    public Task<Page> SubmitAsync(Page page, string selector, params (string Name, string? Value)[] changes)
    {
        var element = page.Document.QuerySelector(selector) ?? throw new InvalidOperationException($"no {selector} in: {page.Text}");
        var form = element as IHtmlFormElement ?? (element as IHtmlButtonElement)?.Form ?? element.Closest("form") as IHtmlFormElement ?? throw new InvalidOperationException($"{selector} is in no form");
        var fields = FieldsOf(form, element as IHtmlButtonElement).Where(field => !changes.Any(change => change.Name == field.Name)).Concat(from change in changes where change.Value is not null select (change.Name, change.Value)).ToArray();
        var action = (element as IHtmlButtonElement)?.GetAttribute("formaction") ?? form.GetAttribute("action") ?? Path;
        if (!string.Equals(form.GetAttribute("method"), "post", StringComparison.OrdinalIgnoreCase))
            return GetAsync(action.Split('?')[0] + "?" + string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}")));
        return SendAndFollowAsync(Ours(new HttpRequestMessage(HttpMethod.Post, action) { Content = Encode(fields) }));
    }

    /// <summary>What a form would send: names and values.</summary>
    public static IEnumerable<(string Name, string Value)> FieldsOf(IHtmlFormElement form, IHtmlButtonElement? clicked = null)
    {
        foreach (var element in form.Elements)
        {
            if (element.GetAttribute("name") is not { Length: > 0 } name || element.HasAttribute("disabled")) continue;
            switch (element)
            {
                case IHtmlInputElement { Type: "checkbox" or "radio" } box when box.IsChecked: yield return (name, box.HasAttribute("value") ? box.Value : "on"); break;
                case IHtmlInputElement { Type: "checkbox" or "radio" or "submit" or "file" or "button" }: break;
                case IHtmlInputElement input: yield return (name, input.Value); break;
                case IHtmlTextAreaElement area: yield return (name, area.Value); break;
                case IHtmlSelectElement select:
                    foreach (var option in select.Options.Where(option => option.IsSelected)) yield return (name, option.Value);
                    break;
                case IHtmlButtonElement button when button == clicked: yield return (name, button.Value); break;
            }
        }
    }

    /// <summary>Sends any request with this browser's cookies, and none of its headers but those.</summary>
    public async Task<Page> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0) request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : []) Take(cookie);
        var page = await Page.ReadAsync(response, log);
        if (page.FormToken is { } token) FormToken = token;
        return page;
    }

    /// <summary>Marks a request as made by a page of this site.</summary>
    public HttpRequestMessage Ours(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Origin", Origin);
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        return request;
    }

    public static HttpContent Encode(IEnumerable<(string Name, string Value)> fields) => new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    public async Task SignInAsDemoPersonAsync(string person)
    {
        await GetAsync("/development/sign-in");
        (await PostOnceAsync("/development/sign-in", ("person", person), ("to", "/"))).Expect(HttpStatusCode.Redirect);
        // As it stands in every page of the new session; saves asking for one.
        FormToken = FormTokens.Of(Cookies[FormTokens.SessionCookie]);
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Post(string path, (string Name, string Value)[] fields) =>
        Ours(new HttpRequestMessage(HttpMethod.Post, path) { Content = Encode(fields.Prepend(("form-token", FormToken ?? ""))) });

    private async Task<Page> SendAndFollowAsync(HttpRequestMessage request)
    {
        Path = request.RequestUri!.OriginalString;
        var page = await SendAsync(request);
        for (var hops = 0; (int)page.Status is >= 300 and < 400 && page.Location is { } to; hops++)
        {
            Assert.True(hops < 5, $"redirected without end, now to {to}");
            Path = to;
            page = await SendAsync(new HttpRequestMessage(HttpMethod.Get, to));
        }
        return page;
    }

    private void Take(string cookie)
    {
        var (name, value) = cookie.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : (cookie, "");
        if (value.Length == 0 || cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)) Cookies.Remove(name);
        else Cookies[name] = value;
    }

    /// <summary>The role listens at 127.0.0.1, and localhost can be ::1 first.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    }
}
