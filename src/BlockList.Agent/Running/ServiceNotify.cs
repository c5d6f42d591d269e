using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace BlockList.Agent.Running;

/// <summary>
/// Tells systemd how the service stands (sd_notify(3)): datagrams to the socket that <c>NOTIFY_SOCKET</c> names. Without
/// one, or when it does not listen, nothing is told and nothing fails.
/// </summary>
internal sealed class ServiceNotify : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";

    private readonly Socket? socket;

    private ServiceNotify(Socket? socket, TimeSpan? watchdog)
    {
        this.socket = socket;
        WatchdogInterval = watchdog;
    }

    /// <summary>Within which systemd wants a sign of life, or null where it wants none.</summary>
    public TimeSpan? WatchdogInterval { get; }

    public static ServiceNotify FromEnvironment() => From(Environment.GetEnvironmentVariable);

    public static ServiceNotify From(Func<string, string?> environment)
    {
        if (environment(SocketVariable) is not { Length: > 1 } path || path[0] is not ('/' or '@')) return new ServiceNotify(null, null);
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // The first byte of an abstract name is 0; systemd writes it as @.
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return new ServiceNotify(null, null);
        }
        return new ServiceNotify(socket, WatchdogOf(environment));
    }

    /// <summary>Started: what waits for this service may go on.</summary>
    public void Ready() => Send("READY=1");

    public void Alive() => Send("WATCHDOG=1");

    /// <summary>One line for people, shown by <c>systemctl status</c>. It never holds a listed name.</summary>
    public void Status(string text) => Send("STATUS=" + text.ReplaceLineEndings(" "));

    public void Stopping() => Send("STOPPING=1");

    /// <summary>The configuration is being read again; <see cref="Ready"/> ends it.</summary>
    public void Reloading(TimeProvider time) => Send(string.Create(CultureInfo.InvariantCulture,
        $"RELOADING=1\nMONOTONIC_USEC={(long)time.GetElapsedTime(0).TotalMicroseconds}"));

    public void Dispose() => socket?.Dispose();

    private static TimeSpan? WatchdogOf(Func<string, string?> environment)
    {
        if (!long.TryParse(environment(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds == 0) return null;
        var process = environment(WatchdogProcessVariable);
        return process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? TimeSpan.FromMicroseconds(microseconds) : null;
    }

    private void Send(string state)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // A supervisor that does not listen is its own trouble: blocking goes on without it.
        }
    }
}
