using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Scenarios;

public sealed class IndependentClientTests(Installation installation) : IDisposable
{
    private readonly ProviderClient client = new(installation.Deployment, installation.Provider);

    public void Dispose() => client.Dispose();

    [Theory]
    [InlineData(DevelopmentKeys.WorstOf)]
    [InlineData(DevelopmentKeys.EnforcementTest)]
    public async Task Tuf_js_verifies_and_downloads_the_list_that_is_published(string list)
    {
        var result = await new TufJs(installation).DownloadAsync(list, "list.txt");
        Assert.StartsWith("OK ", result.Output, StringComparison.Ordinal);
        var downloaded = await File.ReadAllBytesAsync(result.Output.Trim()["OK ".Length..], TestContext.Current.CancellationToken);
        Assert.Equal(await client.TargetAsync(list, "list.txt"), downloaded);
    }

    [Fact]
    public async Task Tuf_js_follows_to_the_next_version_and_every_file_verifies()
    {
        var work = Directory.CreateTempSubdirectory("tuf-js-").FullName;
        await new TufJs(installation).DownloadAsync(DevelopmentKeys.EnforcementTest, "list.txt", work: work);
        var (before, _) = await client.VerifyWholeAsync(DevelopmentKeys.EnforcementTest);
        await installation.PublishAsync(DevelopmentKeys.EnforcementTest);
        var (after, list) = await client.VerifyWholeAsync(DevelopmentKeys.EnforcementTest);
        Assert.Equal(before.Version.Next(), after.Version);
        var result = await new TufJs(installation).DownloadAsync(DevelopmentKeys.EnforcementTest, "list.txt", work: work);
        Assert.StartsWith("OK ", result.Output, StringComparison.Ordinal);
        Assert.Equal(list.ToBytes(), await File.ReadAllBytesAsync(result.Output.Trim()["OK ".Length..], TestContext.Current.CancellationToken));
    }
}
