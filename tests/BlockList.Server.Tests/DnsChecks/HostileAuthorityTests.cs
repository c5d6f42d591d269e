using System.Diagnostics;
using BlockList.Server.DnsChecks;
using Xunit;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>Whoever is asked is a stranger, and some are enemies: none of them gets more than a failed answer within the limit.</summary>
public sealed class HostileAuthorityTests(DnsWorld world) : IClassFixture<DnsWorld>
{
    private const int Patience = 3;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    // Malformed.
    [InlineData("random.hostile.example")]
    [InlineData("short.hostile.example")]
    [InlineData("pointer.hostile.example")]
    [InlineData("overrun.hostile.example")]
    [InlineData("counts.hostile.example")]
    [InlineData("other-id.hostile.example")]
    [InlineData("other-question.hostile.example")]
    // Aliases that lead nowhere.
    [InlineData("self.hostile.example")]
    [InlineData("ring-a.hostile.example")]
    [InlineData("chain1.hostile.example")]
    // Lame: refuses, fails, sends back up.
    [InlineData("lame.example")]
    [InlineData("failure.hostile.example")]
    [InlineData("upward.example")]
    // Cut off, and no better way.
    [InlineData("refused-tcp.hostile.example")]
    [InlineData("drip.hostile.example")]
    // Too much.
    [InlineData("flood.hostile.example")]
    // Nobody, or nobody who speaks.
    [InlineData("silent.example")]
    [InlineData("mute.hostile.example")]
    [InlineData("gone.example")]
    public async Task Answer_that_is_none_fails_in_time_and_the_resolver_goes_on(string name)
    {
        using var resolver = new UnboundResolver(world.Contexts(Patience));
        var clock = Stopwatch.StartNew();

        var answer = await resolver.ResolveAsync(DnsWorld.Name(name), RecordType.Txt, Ct);

        Assert.True(answer is DnsAnswer.Failed or DnsAnswer.TimedOut, answer.ToString());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(Patience + 2));
        Assert.IsType<DnsAnswer.Answered>(await resolver.ResolveAsync(DnsWorld.Name("good.example"), RecordType.Txt, Ct));
        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.ElapsedMilliseconds} ms: {answer.Print()}");
    }

    [Fact]
    public async Task Swarm_of_forged_answers_is_not_believed()
    {
        using var resolver = new UnboundResolver(world.Contexts());

        var answer = await resolver.ResolveAsync(DnsWorld.Name("swarm.hostile.example"), RecordType.Txt, Ct);

        Assert.Equal("\"well\"", Assert.Single(Assert.IsType<DnsAnswer.Answered>(answer).Records).Print());
    }

    [Fact]
    public async Task Answer_that_is_cut_off_comes_whole_by_tcp()
    {
        using var resolver = new UnboundResolver(world.Contexts());

        var answer = await resolver.ResolveAsync(DnsWorld.Name("long.hostile.example"), RecordType.Txt, Ct);

        Assert.Equal("\"well\"", Assert.Single(Assert.IsType<DnsAnswer.Answered>(answer).Records).Print());
    }

    [Fact]
    public async Task Records_about_the_names_of_others_are_dropped()
    {
        using var resolver = new UnboundResolver(world.Contexts());

        Assert.IsType<DnsAnswer.Answered>(await resolver.ResolveAsync(DnsWorld.Name("poison.hostile.example"), RecordType.Txt, Ct));

        Assert.Equal(world.PrimaryAddress.ToString(), Assert.Single(Assert.IsType<DnsAnswer.Answered>(await resolver.ResolveAsync(DnsWorld.Name("ns1.good.example"), RecordType.A, Ct)).Records).Print());
        Assert.IsType<DnsAnswer.Answered>(await resolver.ResolveAsync(DnsWorld.Name("good.example"), RecordType.Txt, Ct));
    }

    [Fact]
    public async Task Chain_of_aliases_is_cut_after_a_few()
    {
        using var resolver = new UnboundResolver(world.Contexts());

        await resolver.ResolveAsync(DnsWorld.Name("chain1.hostile.example"), RecordType.Txt, Ct);

        Assert.InRange(world.Hostile.Asked.Where(name => name.StartsWith("chain", StringComparison.Ordinal)).Distinct().Count(), 2, 13);
    }

    [Fact]
    public async Task Server_at_an_address_that_is_not_public_gets_no_packet()
    {
        using var resolver = new UnboundResolver(world.Contexts(Patience));
        var read = new ReadTxtAtAuthority(world.Contexts(Patience));

        Assert.IsType<DnsAnswer.Failed>(await resolver.ResolveAsync(DnsWorld.Name("www.inside.example"), RecordType.Txt, Ct));
        Assert.NotNull((await read.RunAsync(DnsWorld.Name("_blocklist-challenge.inside.example"), Ct)).Problem);

        Assert.Empty(world.Inside.Asked);
        // It is there, and would be asked if that were allowed.
        var options = world.Options(Patience);
        options.PrivateNetworksAsked = "127.0.0.0/8";
        using var careless = new UnboundResolver(DnsWorld.Contexts(options));
        await careless.ResolveAsync(DnsWorld.Name("www.inside.example"), RecordType.Txt, Ct);
        Assert.NotEmpty(world.Inside.Asked);
        Assert.IsType<DnsAnswer.Answered>(await resolver.ResolveAsync(DnsWorld.Name("good.example"), RecordType.Txt, Ct));
    }

    [Fact]
    public async Task Hundreds_of_silent_and_false_answers_leave_neither_files_open_nor_memory_in_use()
    {
        await BarrageAsync(100);
        var (files, memory) = Held();

        await BarrageAsync(200);

        var (filesAfter, memoryAfter) = Held();
        TestContext.Current.TestOutputHelper?.WriteLine($"{files} to {filesAfter} files, {memory >> 20} to {memoryAfter >> 20} MB");
        // Each of the 200 libunbounds has more than five files and a megabyte while it lives. Other tests run beside this one.
        Assert.InRange(filesAfter - files, int.MinValue, 300);
        Assert.InRange(memoryAfter - memory, long.MinValue, 150L << 20);
    }

    /// <summary>Each with a libunbound of its own, as readings of proofs have.</summary>
    private async Task BarrageAsync(int count)
    {
        string[] labels = ["random", "pointer", "mute", "ring-a", "flood", "other-id"];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Ct }, async (i, token) =>
        {
            using var context = world.Contexts(1).CreateFresh();
            await context.ResolveAsync(DnsWorld.Name($"n{i}.{labels[i % labels.Length]}.hostile.example"), RecordType.Txt, token);
        });
    }

    private static (int Files, long Memory) Held()
    {
        using var self = Process.GetCurrentProcess();
        GC.Collect();
        return (Directory.GetFileSystemEntries("/proc/self/fd").Length, self.WorkingSet64);
    }
}
