using System.Net.Sockets;
using System.Text;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>The supervisor's end of <c>NOTIFY_SOCKET</c>: a real datagram socket.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("notify-").FullName;
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };

    public NotifySocket() => socket.Bind(new UnixDomainSocketEndPoint(Path));

    public string Path => System.IO.Path.Combine(directory, "notify");

    public string Receive()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    /// <summary>Takes messages until one begins with <paramref name="start"/>.</summary>
    public async Task<string> UntilAsync(string start)
    {
        var buffer = new byte[4096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var text = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
            if (text.StartsWith(start, StringComparison.Ordinal)) return text;
        }
    }

    /// <summary>Takes what has come and says how much it was.</summary>
    public int Waiting()
    {
        var count = 0;
        for (; socket.Available > 0; count++) Receive();
        return count;
    }

    public void Dispose()
    {
        socket.Dispose();
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    }
}
