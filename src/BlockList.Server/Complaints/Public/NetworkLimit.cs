using System.Security.Cryptography;
using System.Text;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// Counts what each network sent within a window, in memory of a fixed size: two rows of counters, each network one of either by a keyed
/// hash, and the smaller one counts. However many networks send, nothing grows; two that share both places (one pair in four thousand
/// million) share their limit.
/// </summary>
/// <param name="most">Within a window.</param>
/// <param name="window">Windows begin anew, all at once.</param>
/// <param name="clock">For the windows.</param>
internal sealed class NetworkLimit(int most, TimeSpan window, TimeProvider clock)
{
    private const int Places = 1 << 16;

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly int[] first = new int[Places], second = new int[Places];
    private readonly Lock turn = new();
    private long current;

    /// <summary>False where the network sent its share; nothing is counted then.</summary>
    /// <param name="network">An IPv4 address, or the first 64 bits of an IPv6 address.</param>
    public bool TryTake(string network)
    {
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(network));
        var (a, b) = (BitConverter.ToUInt16(hash, 0), BitConverter.ToUInt16(hash, 2));
        lock (turn)
        {
            var now = clock.GetUtcNow().Ticks / window.Ticks;
            if (now != current)
            {
                Array.Clear(first);
                Array.Clear(second);
                current = now;
            }
            if (Math.Min(first[a], second[b]) >= most) return false;
            first[a]++;
            second[b]++;
            return true;
        }
    }

    /// <summary>Until the next window.</summary>
    public TimeSpan Wait() => TimeSpan.FromTicks(window.Ticks - (clock.GetUtcNow().Ticks % window.Ticks));
}
