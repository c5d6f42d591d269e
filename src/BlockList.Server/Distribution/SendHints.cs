using System.Globalization;
using System.Text;
using Npgsql;

namespace BlockList.Server.Distribution;

/// <summary>
/// The answer of <c>events</c>: server-sent events that say "version N, urgent?" and nothing more. The newest version comes
/// at once, so that an agent that was away learns what it missed; a comment shows every 20 seconds that the node is there.
/// </summary>
internal sealed class SendHints(NewVersions versions, OpenStreams streams, Authorisation authorisation, DownloadRows rows, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public static TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(20);

    /// <summary>A revoked certificate hears nothing more after this, whether or not there is news.</summary>
    private static readonly TimeSpan LongestAuthorisation = TimeSpan.FromSeconds(60);

    private static readonly byte[] Comment = ": here\n\n"u8.ToArray();

    public async Task RunAsync(HttpContext context, string list)
    {
        var caller = Caller.Of(context)!;
        using var place = streams.Take(caller.Sha256);
        if (place is null)
        {
            await Answer.Refused(Refusals.TooManyStreams(streams.Most), LongestAuthorisation).ExecuteAsync(context);
            return;
        }
        await rows.AddAsync(caller, StatusCodes.Status200OK, null, 0, context.RequestAborted);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = Answer.NoStore;
        // A proxy that collects answers before it passes them on would pass on none of these.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SendAsync(context, caller, list, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client went away, or this node ends: the stream ends in order, and the agent finds another.
        }
        catch (NpgsqlException)
        {
            // Whether the certificate may go on listening cannot be asked: then it may not. Requests log the trouble.
        }
    }

    private async Task SendAsync(HttpContext context, Caller caller, string list, CancellationToken cancellationToken)
    {
        var (told, authorised) = (0, time.GetTimestamp());
        await WriteAsync(context, Comment, cancellationToken);
        while (true)
        {
            var (version, changed) = versions.Of(list);
            var news = version is not null && version.Serial > told;
            if (news || time.GetElapsedTime(authorised) >= LongestAuthorisation)
            {
                if (await authorisation.RefusalAsync(caller, cancellationToken) is { } refusal)
                {
                    await rows.AddAsync(caller, refusal.Status, refusal.Code, 0, cancellationToken);
                    return;
                }
                authorised = time.GetTimestamp();
            }
            if (news)
            {
                told = version!.Serial;
                await WriteAsync(context, Event(version), cancellationToken);
            }
            if (!await IsWithinAsync(changed, Heartbeat, cancellationToken)) await WriteAsync(context, Comment, cancellationToken);
        }
    }

    private async Task<bool> IsWithinAsync(Task changed, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(wait, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static byte[] Event(NewVersion version) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"event: version\ndata: {{\"version\":{version.Serial},\"urgent\":{(version.Urgent ? "true" : "false")}}}\n\n"));

    private static async Task WriteAsync(HttpContext context, byte[] bytes, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(bytes, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
