using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>Counts what goes over connections inside of TLS: heads and bodies, both ways.</summary>
internal sealed class TrafficCount
{
    private long received;
    private long sent;
    private int connections;

    public long Received => Interlocked.Read(ref received);

    public long Sent => Interlocked.Read(ref sent);

    public int Connections => connections;

    public void Reset()
    {
        Interlocked.Exchange(ref received, 0);
        Interlocked.Exchange(ref sent, 0);
        Interlocked.Exchange(ref connections, 0);
    }

    public async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref connections);
        var original = connection.Transport;
        connection.Transport = new Pipes(
            PipeReader.Create(new CountingStream(original.Input.AsStream(), n => Interlocked.Add(ref received, n))),
            PipeWriter.Create(new CountingStream(original.Output.AsStream(), n => Interlocked.Add(ref sent, n))));
        try
        {
            await next(connection);
        }
        finally
        {
            await connection.Transport.Output.CompleteAsync();
            connection.Transport = original;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
