using System.Net;
using System.Text;
using Xunit;

namespace BlockList.Server.Tests.Distribution;

/// <summary>The lines of one stream, as they come.</summary>
internal sealed class EventReader : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private EventReader(HttpResponseMessage response, Stream stream)
    {
        this.response = response;
        reader = new StreamReader(stream, Encoding.ASCII);
    }

    public List<string> Lines { get; } = [];

    public static async Task<EventReader> OpenAsync(ProviderConnection provider, string list)
    {
        var response = await provider.SendHeadersAsync($"/v1/{list}/events");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoStore);
        return new EventReader(response, await response.Content.ReadAsStreamAsync(Ct));
    }

    public async Task UntilAsync(string wanted)
    {
        while (Lines.LastOrDefault() != wanted)
            Lines.Add(await LineAsync() ?? throw new InvalidOperationException($"the stream ended before \"{wanted}\": {string.Join(" | ", Lines)}"));
    }

    public async Task EndAsync()
    {
        while (await LineAsync() is { } line) Lines.Add(line);
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }

    private Task<string?> LineAsync() => reader.ReadLineAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct);
}
