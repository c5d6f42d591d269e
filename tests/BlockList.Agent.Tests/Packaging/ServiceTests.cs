using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>The service's days under a real systemd. Whatever happens to it, what is listed stays blocked.</summary>
[Collection(nameof(MachineInService))]
public sealed class ServiceTests(MachineInService shared)
{
    private static int another;

    [Fact]
    public async Task Reload_reads_the_configuration_again_in_the_same_process()
    {
        var machine = await shared.ReadyAsync();
        var process = await machine.ShowAsync("MainPID");
        var name = PublishAnother(machine);

        await machine.Root.RequireAsync("systemctl reload blocklist-agent");

        Assert.True(await machine.BlocksAsync(name), await machine.JournalAsync());
        Assert.Equal(process, await machine.ShowAsync("MainPID"));
        Assert.Contains("was read again and is used from now on", await machine.JournalAsync(), StringComparison.Ordinal);
        await machine.Root.UntilAsync("systemctl show --value --property StatusText blocklist-agent | grep -q 'ended with 0 (Done)'");
    }

    [Fact]
    public async Task Stopped_it_ends_in_order_and_started_again_it_goes_on()
    {
        var machine = await shared.ReadyAsync();

        await machine.Root.RequireAsync("systemctl stop blocklist-agent");

        Assert.Equal("inactive", await machine.ShowAsync("ActiveState"));
        Assert.Equal("success", await machine.ShowAsync("Result"));
        Assert.Contains("ending as asked. What is in force stays in force.", await machine.JournalAsync(), StringComparison.Ordinal);
        Assert.True(await machine.BlocksAsync("one.example"));
        var name = PublishAnother(machine);
        await machine.Root.RequireAsync("systemctl start blocklist-agent");
        Assert.True(await machine.BlocksAsync(name), await machine.JournalAsync());
        Assert.True(await machine.ResolvesAsync("not-listed.example"));
    }

    [Fact]
    public async Task Killed_it_is_started_again()
    {
        var machine = await shared.ReadyAsync();
        await DropInAsync(machine, "blocklist-agent.service", "[Service]\nRestartSec=0");
        var process = await machine.ShowAsync("MainPID");

        await machine.Root.RequireAsync($"kill -KILL {process}");
        Assert.True(await machine.BlocksAsync("one.example"));

        await machine.Root.UntilAsync("systemctl is-active --quiet blocklist-agent && test \"$(systemctl show --value --property NRestarts blocklist-agent)\" = 1");
        Assert.NotEqual(process, await machine.ShowAsync("MainPID"));
        Assert.True(await machine.BlocksAsync(await PublishAnotherAndReloadAsync(machine)), await machine.JournalAsync());
    }

    [Fact]
    public async Task Frozen_it_is_ended_by_the_watchdog_and_started_again()
    {
        var machine = await shared.ReadyAsync();
        await DropInAsync(machine, "blocklist-agent.service", "[Service]\nRestartSec=0\nWatchdogSec=2");
        await machine.Root.RequireAsync("systemctl restart blocklist-agent");
        var process = await machine.ShowAsync("MainPID");

        await machine.Root.RequireAsync($"kill -STOP {process}");

        await machine.Root.UntilAsync("systemctl is-active --quiet blocklist-agent && test \"$(systemctl show --value --property NRestarts blocklist-agent)\" = 1");
        Assert.NotEqual(process, await machine.ShowAsync("MainPID"));
        Assert.Contains("Watchdog timeout", await machine.JournalAsync(), StringComparison.Ordinal);
        Assert.True(await machine.BlocksAsync("one.example"));
    }

    [Fact]
    public async Task It_lives_longer_than_its_watchdog_is_patient()
    {
        var machine = await shared.ReadyAsync();
        await DropInAsync(machine, "blocklist-agent.service", "[Service]\nWatchdogSec=1");
        await machine.Root.RequireAsync("systemctl restart blocklist-agent");
        var told = await machine.ShowAsync("WatchdogTimestampMonotonic");

        // A sign of life that comes later than the patience of the first one.
        await machine.Root.UntilAsync($"test $(systemctl show --value --property WatchdogTimestampMonotonic blocklist-agent) -gt $(({told} + 2000000))");

        Assert.Equal("0", await machine.ShowAsync("NRestarts"));
    }

    [Fact]
    public async Task A_configuration_that_a_person_must_mend_ends_it_for_good()
    {
        var machine = await shared.ReadyAsync();
        await DropInAsync(machine, "blocklist-agent.service", "[Service]\nRestartSec=0");
        await machine.Root.RequireAsync("cp -a /etc/blocklist-agent/agent.ini /root/; echo nonsense >>/etc/blocklist-agent/agent.ini");
        try
        {
            Assert.NotEqual(0, (await machine.Root.RunAsync("systemctl restart blocklist-agent")).Code);

            Assert.Equal("failed", await machine.ShowAsync("ActiveState"));
            Assert.Equal("2", await machine.ShowAsync("ExecMainStatus"));
            Assert.Equal("0", await machine.ShowAsync("NRestarts"));
            Assert.Contains("agent.ini", await machine.JournalAsync("--priority err"), StringComparison.Ordinal);
            Assert.True(await machine.BlocksAsync("one.example"));
        }
        finally
        {
            await machine.Root.RequireAsync("cp -a /root/agent.ini /etc/blocklist-agent/");
        }
    }

    [Fact]
    public async Task The_journal_knows_what_matters()
    {
        var machine = await shared.ReadyAsync();
        await machine.Root.UntilAsync("systemctl show --value --property StatusText blocklist-agent | grep -q 'ended with 0 (Done)'");
        machine.Server.Intercept = context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.FromResult(true);
        };
        try
        {
            await machine.Root.RequireAsync("systemctl reload blocklist-agent");
            await machine.Root.UntilAsync("journalctl --sync; journalctl --quiet --unit blocklist-agent --since=-1min --priority warning | grep -q 500");
        }
        finally
        {
            machine.Server.Intercept = _ => Task.FromResult(false);
        }

        var lines = (await machine.Root.RequireAsync("journalctl --quiet --output json --identifier blocklist-agent --unit blocklist-agent"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).Select(l => (Priority: (string)l["PRIORITY"]!, Text: (string)l["MESSAGE"]!)).ToArray();
        Assert.All(lines, line => Assert.False(line.Text.StartsWith('<'), line.Text));
        Assert.Contains(lines, line => line is ("6", _) && line.Text.Contains("was read again", StringComparison.Ordinal));
        Assert.Contains(lines, line => line is ("4", _) && line.Text.Contains("500", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_administrator_works_beside_it()
    {
        var machine = await shared.ReadyAsync();
        await machine.Root.UntilAsync("systemctl show --value --property StatusText blocklist-agent | grep -q 'ended with 0 (Done)'");

        Assert.Contains("worst-of", await machine.Root.RequireAsync("blocklist-agent status"), StringComparison.Ordinal);
        await machine.Root.RequireAsync("blocklist-agent config check --online");
        var name = PublishAnother(machine);
        await machine.Root.RequireAsync("blocklist-agent apply");
        Assert.True(await machine.BlocksAsync(name));

        // What root wrote is the service's own afterwards.
        Assert.Equal("", await machine.Root.RequireAsync("find /var/lib/blocklist-agent /var/lib/unbound/blocklist ! -user blocklist-agent"));
        Assert.True(await machine.BlocksAsync(await PublishAnotherAndReloadAsync(machine)), await machine.JournalAsync());
    }

    [Fact]
    public async Task The_timer_does_the_same_work_instead()
    {
        var machine = await shared.ReadyAsync();
        // As it is, it waits until a minute after the boot, and up to six more in order to spread what providers ask.
        await DropInAsync(machine, "blocklist-agent-apply.timer", "[Timer]\nOnBootSec=1ms\nRandomizedDelaySec=0");
        var name = PublishAnother(machine);
        try
        {
            await machine.Root.RequireAsync("systemctl disable --now blocklist-agent; systemctl enable --now blocklist-agent-apply.timer");

            Assert.True(await machine.BlocksAsync(name), await machine.JournalAsync());
            await machine.Root.UntilAsync("test \"$(systemctl show --value --property ActiveState blocklist-agent-apply)\" = inactive");
            Assert.Equal("success", await machine.ShowAsync("Result", "blocklist-agent-apply"));
            Assert.Contains("worst-of", await machine.Root.RequireAsync("blocklist-agent status"), StringComparison.Ordinal);
            Assert.NotEqual("infinity", await machine.ShowAsync("NextElapseUSecMonotonic", "blocklist-agent-apply.timer"));

            // One of the two is enough: the service ends the timer.
            await machine.Root.RequireAsync("systemctl start blocklist-agent");
            Assert.Equal("inactive", await machine.ShowAsync("ActiveState", "blocklist-agent-apply.timer"));
        }
        finally
        {
            await machine.Root.RequireAsync("systemctl disable --now blocklist-agent-apply.timer; systemctl enable --now blocklist-agent");
        }
    }

    /// <summary>A version with one name more.</summary>
    private static string PublishAnother(ProviderMachine machine)
    {
        var name = $"more{Interlocked.Increment(ref another)}.example";
        machine.Repository.Publish([.. machine.Repository.Current.Lines, name]);
        return name;
    }

    private static async Task<string> PublishAnotherAndReloadAsync(ProviderMachine machine)
    {
        var name = PublishAnother(machine);
        await machine.Root.RequireAsync("systemctl reload blocklist-agent");
        return name;
    }

    private static async Task DropInAsync(ProviderMachine machine, string unit, string text)
    {
        Directory.CreateDirectory(machine.Root.PathOf($"/run/systemd/system/{unit}.d"));
        await File.WriteAllTextAsync(machine.Root.PathOf($"/run/systemd/system/{unit}.d/test.conf"), text + "\n", TestContext.Current.CancellationToken);
        await machine.Root.RequireAsync("systemctl daemon-reload");
    }
}
