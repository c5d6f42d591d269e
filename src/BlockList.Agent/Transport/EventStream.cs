using System.Runtime.CompilerServices;
using System.Text.Json;
using BlockList.Format.Json;

namespace BlockList.Agent.Transport;

/// <summary>
/// The hints of one list as server-sent events. A server that falls silent is no connection: the node writes a comment
/// every 20 seconds when it has nothing to say.
/// </summary>
internal sealed class EventStream(ServerConnection server, TimeProvider time)
{
    public static TimeSpan LongestSilence { get; } = TimeSpan.FromSeconds(90);

    /// <summary>A hint has some forty bytes; what is longer is none.</summary>
    private const int LongestLine = 1024;

    /// <exception cref="ServerException">The connection was refused, broke, or fell silent.</exception>
    public async IAsyncEnumerable<Hint> ReadAsync(string list, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var stream = await server.OpenAsync($"v1/{list}/events", "text/event-stream", ct);
        var line = new byte[LongestLine];
        var filled = 0;
        while (true)
        {
            var count = await ReadAsync(stream, line.AsMemory(filled), ct);
            if (count == 0) yield break;
            filled += count;
            int end;
            while ((end = line.AsSpan(0, filled).IndexOf((byte)'\n')) >= 0)
            {
                if (Parse(list, line.AsSpan(0, end).TrimEnd((byte)'\r')) is { } hint) yield return hint;
                line.AsSpan(end + 1, filled - end - 1).CopyTo(line);
                filled -= end + 1;
            }
            if (filled == LongestLine) throw new ServerException($"{server.Address.Authority} sent an event that is longer than any may be.");
        }
    }

    private async Task<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken ct)
    {
        using var silence = new CancellationTokenSource(LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        try
        {
            return await stream.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException problem) when (!ct.IsCancellationRequested)
        {
            throw new ServerException($"{server.Address.Authority} said nothing on the events connection for {LongestSilence.TotalSeconds} seconds.", problem);
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException)
        {
            throw new ServerException($"the events connection to {server.Address.Authority} broke ({problem.Message.TrimEnd('.')}).", problem);
        }
    }

    /// <summary>The hint of a <c>data:</c> line; every other line, and data of another shape, says nothing to this version.</summary>
    private static Hint? Parse(string list, ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("data:"u8)) return null;
        try
        {
            var json = CanonicalJson.Parse(line["data:"u8.Length..].TrimStart((byte)' '));
            return new Hint(list, json.GetProperty("version").GetInt64(), json.GetProperty("urgent").GetBoolean());
        }
        catch (Exception problem) when (problem is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
