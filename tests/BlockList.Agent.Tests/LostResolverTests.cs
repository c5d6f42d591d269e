using BlockList.Agent.Tests.Fixtures;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Tests;

/// <summary>What is on the disk is not what is in force: the running resolver is asked, though nothing changed.</summary>
public sealed class LostResolverTests
{
    [Fact]
    public async Task An_Unbound_that_was_started_with_another_file_is_found_out_and_put_right()
    {
        await using var world = await EnforcedAsync();
        var other = Path.Combine(world.Provider.Directory, "other.rpz");
        await using (var zone = File.Create(other)) RpzZone.Write(zone, ListFile.Empty, Serial.First);
        await world.Unbound.RestartAsync("", ("worst-of", other));

        (await world.ApplyAsync()).Ended(ExitCode.ApplyFailed).Says("Unbound has loaded serial 1 of zone worst-of where 2 is due");
        (await world.Provider.RunAsync("status")).Ended(ExitCode.ApplyFailed).Says("last run failed").Says("where 2 is due");

        await world.Unbound.RestartAsync();
        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force already");
        (await world.Provider.RunAsync("status")).Ended(ExitCode.Done).Says("ok");
    }

    [Fact]
    public async Task An_Unbound_that_does_not_answer_is_no_proof()
    {
        await using var world = await EnforcedAsync();
        await world.Unbound.StopAsync();

        (await world.ApplyAsync()).Ended(ExitCode.Done).Says("version 2 is in force already");
    }

    [Fact]
    public async Task A_server_that_passes_on_a_timestamp_and_nothing_more_does_not_put_the_end_of_the_lease_off()
    {
        await using var world = await EnforcedAsync();
        for (var day = 1; day <= 3; day++)
        {
            world.Repository.Publish("one.example", $"new-{day}.example");
            world.Server.Intercept = async context =>
            {
                if (!context.Request.Path.Value!.EndsWith("snapshot.json", StringComparison.Ordinal)) return false;
                context.Response.StatusCode = 404;
                await context.Response.CompleteAsync();
                return true;
            };
            (await world.ApplyAsync()).Ended(ExitCode.Network);
            Assert.Equal(day, world.Provider.StateOf().ReadPoll().FailedDays);
            world.Clock.Advance(TimeSpan.FromDays(1));
        }
    }

    [Theory]
    [InlineData("ca.pem")]
    [InlineData("key.pem")]
    public async Task A_key_that_cannot_be_read_is_a_failed_poll_and_keeps_nothing_from_being_in_force(string file)
    {
        await using var world = await EnforcedAsync();
        File.Delete(Path.Combine(Path.GetDirectoryName(world.Provider.Config)!, file));
        await File.AppendAllTextAsync(world.Provider.ZoneFile(), "changed", TestContext.Current.CancellationToken);

        (await world.ApplyAsync()).Ended(ExitCode.Usage).Says("version 2 is in force at");

        Assert.Equal(1, world.Provider.StateOf().ReadPoll().Failures);
        (await world.Provider.RunAsync("status", "--json")).Ended(ExitCode.Usage).Says("\"last_run_code\": 2");
    }

    [Fact]
    public async Task A_strict_umask_keeps_no_resolver_out()
    {
        await using var world = await EnforcedAsync();
        world.Repository.Publish("one.example", "two.example");

        (await StrictlyAsync($"apply --config '{world.Provider.Config}'")).Ended(ExitCode.Done);
        var elsewhere = Path.Combine(world.Provider.Directory, "elsewhere");
        (await StrictlyAsync($"enroll '{world.Provider.Bundle}' --config '{elsewhere}.ini' --state '{elsewhere}-state' --zone-directory '{elsewhere}'")).Ended(ExitCode.Done);

        Assert.True(File.GetUnixFileMode(world.Provider.ZoneFile()).HasFlag(UnixFileMode.OtherRead | UnixFileMode.GroupRead));
        Assert.True(File.GetUnixFileMode(elsewhere).HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherExecute));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(elsewhere + "-state"));

        static Task<AgentRun> StrictlyAsync(string command) =>
            OtherProgram.RunAsync("sh", "-c", $"umask 077; exec '{Path.Combine(AppContext.BaseDirectory, "blocklist-agent")}' {command}");
    }

    private static async Task<EnforcingWorld> EnforcedAsync()
    {
        var world = await EnforcingWorld.StartAsync();
        world.Repository.Publish("one.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        world.Repository.Publish("one.example", "three.example");
        (await world.ApplyAsync()).Ended(ExitCode.Done);
        return world;
    }
}
