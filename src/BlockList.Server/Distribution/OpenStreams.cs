using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Distribution;

/// <summary>How many event streams each certificate has open here: a loop at one provider must not take the node's connections.</summary>
internal sealed class OpenStreams(IOptions<DistributionOptions> options)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    public int Most => options.Value.StreamsPerCertificate;

    /// <summary>A place, to be disposed when the stream ends; null where all are taken.</summary>
    public IDisposable? Take(string sha256)
    {
        if (_open.AddOrUpdate(sha256, 1, (_, count) => count + 1) <= Most) return new Place(this, sha256);
        GiveBack(sha256);
        return null;
    }

    private void GiveBack(string sha256)
    {
        _open.AddOrUpdate(sha256, 0, (_, count) => count - 1);
        // Only while it is zero: whoever came in between keeps the count.
        _open.TryRemove(new(sha256, 0));
    }

    private sealed class Place(OpenStreams streams, string sha256) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0) streams.GiveBack(sha256);
        }
    }
}
