using BlockList.Tools.Commands;
using BlockList.Tools.Conformance;
using BlockList.Tools.Conformance.Cases;
using BlockList.Tools.Conformance.Repository;
using BlockList.Tools.Conformance.Running;
using BlockList.Tools.Conformance.Serving;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>The kit that other agents are judged by, run against ours.</summary>
public sealed class ConformanceTests
{
    private const int Done = 0;

    [Fact]
    public async Task Our_agent_does_in_every_case_what_the_kit_asks_of_any_agent() =>
        await RequireRightAsync(AllCases.List.Except(Valid));

    [Fact]
    public async Task Our_agent_and_tuf_js_agree_on_every_valid_repository() =>
        await RequireRightAsync(Valid, SecondOpinionAsync);

    [Fact]
    public async Task The_printed_index_names_every_case() =>
        Assert.Equal(CaseIndex.Text(), await File.ReadAllTextAsync(CaseIndex.PathIn(Checkout.Own().FullName), TestContext.Current.CancellationToken));

    [Fact]
    public void Case_ids_and_names_of_lists_are_unique()
    {
        Assert.Distinct(AllCases.List.Select(c => c.Id));
        Assert.Distinct(AllCases.List.SelectMany(c => c.Steps).Select(s => s.InForce).Distinct().Select(l => l.Name));
    }

    /// <summary>Every run in them must end well, and a stock client has nothing to differ about.</summary>
    private static IEnumerable<ConformanceCase> Valid =>
        AllCases.List.Where(c => c.StockClientDiffers is null && c.Steps.All(s => !s.Enrols && s.Exit is [Done]));

    private static async Task RequireRightAsync(IEnumerable<ConformanceCase> cases, Func<Provider, Vector, Task<string?>>? afterStep = null)
    {
        var token = TestContext.Current.CancellationToken;
        await using var run = await ConformanceRun.StartAsync(token);
        var agent = await run.PackagedAgentAsync(Checkout.Own().FullName, token);
        var results = new List<CaseResult>();
        await foreach (var result in run.RunAsync(cases, agent, afterStep, token)) results.Add(result);
        Assert.NotEmpty(results);
        Assert.Empty(results.Where(r => !r.IsRight).Select(r => r.ToString()));
    }

    /// <summary>tuf-js begins with the root that the agent was enrolled with, remembers as it does, and must come to the same bytes.</summary>
    private static async Task<string?> SecondOpinionAsync(Provider provider, Vector vector)
    {
        var answer = await new TufJs(provider.Address, provider.Bundle, _ => provider.FirstRoot)
            .DownloadAsync(VectorTree.List, "list.txt", work: Path.Combine(provider.Bundle, "tuf-js"));
        if (!answer.Output.StartsWith("OK ", StringComparison.Ordinal)) return $"tuf-js says {answer.Output.Trim()}";
        var downloaded = await File.ReadAllBytesAsync(answer.Output.Trim()["OK ".Length..], TestContext.Current.CancellationToken);
        return downloaded.AsSpan().SequenceEqual(vector.Repository.ListBytes) ? null : "tuf-js has another list";
    }
}
