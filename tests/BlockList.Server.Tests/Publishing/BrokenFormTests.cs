using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Server.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using static BlockList.Server.Tests.Publishing.CarelessAgencies;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Whoever has the publisher says that its ledger is broken: what the verifier signs of that, with four entries published.</summary>
public sealed class BrokenFormTests(PostgresFixture postgres) : PublishingTests(postgres)
{
    protected override async Task PrepareAsync()
    {
        await World.ListAsync(Numbered("kept", 4));
        await World.PublishAsync();
    }

    /// <summary>It gains nothing but what release officers signed.</summary>
    [Fact]
    public async Task Verifier_refuses_whatever_no_removal_lets_go()
    {
        var thief = new TakenOverPublisher(World);
        var list = (await thief.CurrentAsync()).List;
        await RefusesAsync(() => AskAsync(list.Except(Lines("kept2.example"))), "1 of the entries that it removes were not removed");
        await World.DecideAsync("bram", DecisionKind.Withdrawal, "kept1.example");
        await RefusesAsync(() => AskAsync(list.Except(Lines("kept1.example"))), "1 of the entries that it removes were not removed");
        await World.DecideAsync("olav", DecisionKind.Removal, "kept0.example");
        await RefusesAsync(() => AskAsync(list.Except(Lines("kept0.example")).Union(Lines("innocent.example"))), "adds 1");
        await RefusesAsync(() => AskAsync(list.Except(Lines("kept0.example", "kept1.example"))), "1 of the entries that it removes were not removed");
        await RefusesAsync(() => AskAsync(list), "removes nothing");
        await RefusesAsync(() => AskAsync(list.Except(Lines("kept0.example")), say => say with { IsUrgent = false }), "said not to be urgent");
        await RefusesAsync(() => AskAsync(list.Except(Lines("kept0.example")), say => say with { EvaluatedAt = Format.Json.Timestamp.Truncate(World.Now.AddMinutes(1)) }), "another instant");

        Assert.NotNull((await AskAsync(list.Except(Lines("kept0.example")))).Signed);

        Task<(SignedSet? Signed, VersionFiles Files)> AskAsync(ListFile wanted, Func<StepFacts, StepFacts>? say = null) => thief.AskAsync(wanted, CandidateForm.Broken, say: say);
    }

    [Fact]
    public async Task Verifier_counts_what_left_within_a_day_by_its_own_record()
    {
        foreach (var name in Numbered("site", 6)) await World.ListAsync([name]);
        await World.PublishAsync();
        foreach (var name in Numbered("site", 4)) await World.DecideAsync("olav", DecisionKind.Removal, name);
        await World.Publisher.GetRequiredService<PublishUrgent>().RunAsync(Ct);
        foreach (var name in Numbered("site", 6).Skip(4)) await World.DecideAsync("olav", DecisionKind.Removal, name);
        var thief = new TakenOverPublisher(World);
        var list = (await thief.CurrentAsync()).List;

        await RefusesAsync(() => thief.AskAsync(list.Except(Lines("site4.example", "site5.example")), CandidateForm.Broken), "2 entries at once after 4 in the day before");
        Assert.NotNull((await thief.AskAsync(list.Except(Lines("site5.example")), CandidateForm.Broken)).Signed);
    }

    private async Task RefusesAsync(Func<Task> ask, string because)
    {
        Assert.Contains(because, (await Assert.ThrowsAsync<NotCountersignedException>(ask)).Message, StringComparison.Ordinal);
        Assert.Contains(World.VerifierLog.At(LogLevel.Critical), line => line.Contains(because, StringComparison.Ordinal));
    }

    private static ListFile Lines(params string[] lines) => ListFile.OfLines(lines);
}
