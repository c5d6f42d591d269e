using System.Diagnostics;
using System.Globalization;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>The README's way from the package to a blocking Unbound, typed as it stands there on a system that has nothing but
/// Debian's Unbound, and systemd to run both.</summary>
public sealed class PackagedJourneyTests(Packages packages)
{
    [Fact]
    public async Task Five_commands_lead_from_the_package_to_a_blocking_Unbound()
    {
        await using var machine = await ProviderMachine.StartAsync(packages, "one.example");
        Assert.True(await machine.ResolvesAsync("one.example"), "one.example does not resolve before the list is there");

        var clockwork = Stopwatch.StartNew();
        await machine.TypeCommandsAsync();
        var typed = clockwork.Elapsed;

        Assert.True(await machine.BlocksAsync("one.example"), await machine.JournalAsync());
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture,
            $"five commands took {typed.TotalSeconds:0.0} s, one.example was blocked {clockwork.Elapsed.TotalSeconds:0.0} s after the first began"));
        Assert.True(await machine.ResolvesAsync("two.example"), "its neighbour is blocked too");
        Assert.Equal("active\n", await machine.Root.RequireAsync("systemctl is-active blocklist-agent"));
        Assert.Equal("enabled\n", await machine.Root.RequireAsync("systemctl is-enabled blocklist-agent"));
        Assert.True(clockwork.Elapsed < TimeSpan.FromMinutes(5), $"it took {clockwork.Elapsed}");
    }
}
