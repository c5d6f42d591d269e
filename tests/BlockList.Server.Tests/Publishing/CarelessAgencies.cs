using System.Globalization;
using System.Text;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Two agencies that sign whole files.</summary>
internal static class CarelessAgencies
{
    public static string[] Numbered(string word, int count) => [.. Enumerable.Range(0, count).Select(i => $"{word}{i}.example")];

    /// <summary>Has names decided by two agencies; nothing is published.</summary>
    public static async Task ListAsync(this PublishingWorld world, IReadOnlyList<string> names, DateTimeOffset? sightedAt = null)
    {
        await world.ProposeAllAsync(names, sightedAt);
        await world.ReviewAllAsync(names);
    }

    public static async Task ProposeAllAsync(this PublishingWorld world, IReadOnlyList<string> names, DateTimeOffset? sightedAt = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var seen = (sightedAt ?? world.Now.AddDays(-1)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var csv = "domain,scope,sighted_at,c1,c2,c3,reference,note\n" + string.Concat(names.Select(name => $"{name},domain,{seen},met,met,met,ICCAM:1,seen\n"));
        var staged = Assert.IsType<StageOutcome.Staged>(await world.Curation.GetRequiredService<StageImport>().RunAsync(Encoding.UTF8.GetBytes(csv), "test.csv", DevelopmentKeys.WorstOf, "anna", false, false, null, cancellationToken));
        Assert.IsType<SubmitOutcome.Accepted>(await world.SignAsync("anna", p => p.ForImportAsync(staged.Import!.Value, world.CredentialOf("anna"), cancellationToken), staged.Import));
    }

    public static async Task ReviewAllAsync(this PublishingWorld world, IReadOnlyList<string> names) =>
        Assert.IsType<SubmitOutcome.Accepted>(await world.SignAsync("bram", p => p.ForReviewAsync(DevelopmentKeys.WorstOf, names, Verdict.Met, null, world.CredentialOf("bram"), TestContext.Current.CancellationToken)));
}
