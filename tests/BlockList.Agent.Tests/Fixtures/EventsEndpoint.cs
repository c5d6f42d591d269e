using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>The events of a list as a node would send them, written when the test says so.</summary>
internal sealed class EventsEndpoint
{
    private readonly Channel<string> toSend = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static EventsEndpoint At(TestServer server)
    {
        var events = new EventsEndpoint();
        server.Intercept = events.AnswerAsync;
        return events;
    }

    public Task Opened => opened.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public void Send(string text) => toSend.Writer.TryWrite(text);

    public void Hint(long version, bool urgent) => Send($"event: version\ndata: {{\"version\":{version},\"urgent\":{(urgent ? "true" : "false")}}}\n\n");

    /// <summary>Cuts the connection that is open, or the next one.</summary>
    public void Break() => Send("");

    private async Task<bool> AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/v1/worst-of/events") return false;
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        opened.TrySetResult();
        try
        {
            await foreach (var text in toSend.Reader.ReadAllAsync(context.RequestAborted))
            {
                if (text.Length == 0)
                {
                    context.Abort();
                    return true;
                }
                await context.Response.WriteAsync(text);
                await context.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ended it.
        }
        return true;
    }
}
