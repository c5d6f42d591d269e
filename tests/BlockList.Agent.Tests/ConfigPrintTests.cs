using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests;

/// <summary>The pieces that <c>config print</c> prints; that the resolvers start with them and enforce is shown by the resolvers' own tests.</summary>
public sealed class ConfigPrintTests
{
    [Fact]
    public async Task The_piece_for_Unbound_has_every_list_and_its_include()
    {
        await using var world = await TestWorld.StartAsync();

        var printed = (await world.Provider.RunAsync("config", "print", "unbound")).Ended(ExitCode.Done).Results;

        Assert.Equal($"""
            # In unbound.conf, or as a file below /etc/unbound/unbound.conf.d:
            server:
              # Without respip in front, Unbound does not start with policy zones.
              module-config: "respip validator iterator"
            rpz:
              name: "worst-of"
              zonefile: "{world.Provider.ZoneFile()}"
            # Where worst-of is long, its names come from here: the file must be included for a restart to load them.
            include: "{world.Provider.ZoneFile()}.local-zones"

            """, printed);
    }

    [Fact]
    public async Task The_pieces_for_BIND_say_where_each_belongs()
    {
        await using var world = await TestWorld.StartAsync();
        var text = await File.ReadAllTextAsync(world.Provider.Config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(world.Provider.Config, text.Replace("type=unbound", "type=bind", StringComparison.Ordinal).Replace("control=unbound-control", "control=rndc", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (await world.Provider.RunAsync("config", "print", "unbound")).Ended(ExitCode.Done)
            .Says("// Inside options { … } of named.conf:\n")
            .Says("response-policy {\n    zone \"worst-of\";\n} qname-wait-recurse no break-dnssec yes min-update-interval 0;\n// In named.conf, beside options:\n")
            .Says($"zone \"worst-of\" {{\n    type primary;\n    file \"{world.Provider.ZoneFile()}\";\n");
    }

    [Fact]
    public async Task A_file_is_written_whole_and_readable_for_the_resolver()
    {
        await using var world = await TestWorld.StartAsync();
        var file = Path.Combine(world.Provider.Directory, "blocklist.conf");

        (await world.Provider.RunAsync("config", "print", "unbound", "--to", file)).Ended(ExitCode.Done).Says("was written");

        Assert.Equal((await world.Provider.RunAsync("config", "print", "unbound")).Results, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead));
        (await world.Provider.RunAsync("config", "print", "unbound", "--to", "/nonexistent/blocklist.conf")).Ended(ExitCode.Usage).Says("Nothing was changed");
    }

    [Fact]
    public async Task A_resolver_that_is_not_configured_is_named_with_those_that_are()
    {
        await using var world = await TestWorld.StartAsync();

        (await world.Provider.RunAsync("config", "print", "knot")).Ended(ExitCode.Usage).Says("there is no section [resolver knot]. The configuration has: unbound.");
    }
}
