using System.Globalization;
using System.Net.Sockets;
using BlockList.Agent.Running;
using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Running;

/// <summary>What systemd would hear, at a real datagram socket.</summary>
public sealed class ServiceNotifyTests : IDisposable
{
    private readonly NotifySocket supervisor = new();

    public void Dispose() => supervisor.Dispose();

    [Fact]
    public void Every_message_is_one_datagram_in_the_words_of_sd_notify()
    {
        using var notify = Connected();

        notify.Ready();
        notify.Status("polling\nnow");
        notify.Alive();
        notify.Stopping();

        Assert.Equal(["READY=1", "STATUS=polling now", "WATCHDOG=1", "STOPPING=1"], Enumerable.Range(0, 4).Select(_ => supervisor.Receive()));
    }

    [Fact]
    public void A_reload_is_told_with_the_monotonic_clock_that_systemd_compares_it_with()
    {
        using var notify = Connected();

        notify.Reloading(TimeProvider.System);

        var lines = supervisor.Receive().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        var microseconds = long.Parse(lines[1].Replace("MONOTONIC_USEC=", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        Assert.InRange(microseconds, Environment.TickCount64 * 1000 - 60_000_000, Environment.TickCount64 * 1000 + 60_000_000);
    }

    [Fact]
    public void An_abstract_socket_is_found_by_its_at_sign()
    {
        var name = $"blocklist-test-{Guid.CreateVersion7():n}";
        using var abstractSocket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        abstractSocket.Bind(new UnixDomainSocketEndPoint("\0" + name));
        using var notify = ServiceNotify.From(variable => variable == "NOTIFY_SOCKET" ? "@" + name : null);

        notify.Ready();

        var buffer = new byte[100];
        Assert.Equal("READY=1"u8, buffer.AsSpan(0, abstractSocket.Receive(buffer)));
    }

    [Fact]
    public void Without_a_supervisor_and_after_its_end_nothing_fails()
    {
        using (var alone = ServiceNotify.From(_ => null)) alone.Ready();
        using (var gone = ServiceNotify.From(variable => variable == "NOTIFY_SOCKET" ? "/nonexistent/notify" : null)) gone.Ready();
        using var left = Connected();
        supervisor.Dispose();

        left.Alive();
    }

    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    public void A_watchdog_counts_only_where_it_is_meant_for_this_process(string? microseconds, string? process, double? seconds)
    {
        using var notify = Connected(microseconds, process);

        Assert.Equal(seconds, notify.WatchdogInterval?.TotalSeconds);
    }

    [Fact]
    public async Task The_watchdog_is_fed_at_half_its_time()
    {
        var clock = new TestClock();
        using var notify = Connected("30000000");
        using var ending = new CancellationTokenSource();
        var running = new Watchdog(notify, clock).RunAsync(ending.Token);
        Assert.Equal("WATCHDOG=1", supervisor.Receive());

        for (var i = 0; i < 3; i++)
        {
            await clock.WaiterAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15));
            Assert.Equal(0, supervisor.Waiting());
            clock.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal("WATCHDOG=1", supervisor.Receive());
        }

        await ending.CancelAsync();
        await running;
    }

    [Fact]
    public void A_run_that_hangs_gets_the_daemon_restarted_and_one_that_is_slow_does_not()
    {
        var clock = new TestClock();
        using var notify = Connected("30000000");
        var watchdog = new Watchdog(notify, clock);

        watchdog.Begin();
        clock.Advance(TimeSpan.FromMinutes(29));
        watchdog.Tick();
        Assert.Equal(1, supervisor.Waiting());
        clock.Advance(TimeSpan.FromMinutes(1));
        watchdog.Tick();
        Assert.Equal(0, supervisor.Waiting());

        watchdog.End();
        watchdog.Tick();
        Assert.Equal(1, supervisor.Waiting());
    }

    private ServiceNotify Connected(string? watchdog = null, string? process = null) => ServiceNotify.From(variable => variable switch
    {
        "NOTIFY_SOCKET" => supervisor.Path,
        "WATCHDOG_USEC" => watchdog,
        "WATCHDOG_PID" => process,
        _ => null,
    });
}
