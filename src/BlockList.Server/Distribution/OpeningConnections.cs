using System.Collections.Concurrent;
using System.Net;
using BlockList.Server.Access;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Distribution;

/// <summary>
/// Connections that have not yet shown a certificate. Who they are of is not known, so they count by the network they come from: one that
/// opens thousands and says nothing takes no place of the others. Once the handshake is over only the certificate counts.
/// </summary>
internal sealed partial class OpeningConnections(IOptions<DistributionOptions> options, TimeProvider time, ILogger<OpeningConnections> log)
{
    private static readonly object Key = new();

    private readonly ConcurrentDictionary<string, int> opening = new(StringComparer.Ordinal);
    private long told;

    /// <summary>Before TLS.</summary>
    public ConnectionDelegate CountIn(ConnectionDelegate next) => async connection =>
    {
        var network = NetworkOf(connection.RemoteEndPoint);
        var place = new Place(this, network);
        if (opening.AddOrUpdate(network, 1, (_, count) => count + 1) > options.Value.OpeningPerNetwork)
        {
            place.Dispose();
            Tell(network);
            connection.Abort();
            return;
        }
        connection.Items[Key] = place;
        using (place) await next(connection);
    };

    /// <summary>After TLS.</summary>
    public static ConnectionDelegate CountOut(ConnectionDelegate next) => connection =>
    {
        if (connection.Items.TryGetValue(Key, out var place)) (place as Place)?.Dispose();
        return next(connection);
    };

    /// <summary>Once a minute: whoever does this must not fill the log with it.</summary>
    private void Tell(string network)
    {
        var (minute, last) = (time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute, Interlocked.Read(ref told));
        if (minute != last && Interlocked.CompareExchange(ref told, minute, last) == last) Log.TooMany(log, network, options.Value.OpeningPerNetwork);
    }

    private static string NetworkOf(EndPoint? remote) => remote is IPEndPoint { Address: var address } ? RemoteAddress.Network(address) : "";

    private sealed class Place(OpeningConnections all, string network) : IDisposable
    {
        private int given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref given, 1) != 0) return;
            all.opening.AddOrUpdate(network, 0, (_, count) => count - 1);
            // Only while it is zero: whoever came in between keeps the count.
            all.opening.TryRemove(new(network, 0));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Network} has {Most} connections open here that show no certificate; more of them are closed. If its providers come through one address, raise [Distribution] OpeningPerNetwork.")]
        public static partial void TooMany(ILogger logger, string network, int most);
    }
}
