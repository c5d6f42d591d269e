using System.Net;
using System.Net.Sockets;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A stream socket that a program's output goes to, in the place of the journal's.</summary>
internal sealed class JournalSocket : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public JournalSocket() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What the first to connect writes, until it ends.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => listener.Dispose();
}
