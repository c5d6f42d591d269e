using Microsoft.Extensions.Options;

namespace BlockList.Server.Complaints.Public;

/// <summary>How many complaints came to this process within the last minute, and how much work the next one costs: a flood pays for
/// itself, and an honest person waits some seconds more.</summary>
internal sealed class Tide(IOptions<ComplaintOptions> options, TimeProvider clock)
{
    private const int MostBitsMore = 4;
    private readonly Lock turn = new();
    private long minute;
    private int current, before;

    public void Count()
    {
        lock (turn)
        {
            Turn();
            current++;
        }
    }

    public int Bits()
    {
        lock (turn)
        {
            Turn();
            var more = Math.Log2((double)Math.Max(current, before) / options.Value.BusyPerMinute);
            return options.Value.WorkBits + (int)Math.Clamp(Math.Ceiling(more), 0, MostBitsMore);
        }
    }

    private void Turn()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (now == minute) return;
        (before, current, minute) = (now == minute + 1 ? current : 0, 0, now);
    }
}
