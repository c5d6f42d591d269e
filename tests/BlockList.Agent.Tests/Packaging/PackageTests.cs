using BlockList.Agent.Tests.Fixtures;

namespace BlockList.Agent.Tests.Packaging;

/// <summary>What stands in the packages.</summary>
public sealed class PackageTests(Packages packages)
{
    [Fact]
    public async Task Lintian_finds_no_error()
    {
        Prerequisite.Command("lintian");
        var (deb, _) = await packages.MadeAsync();

        var run = await OtherProgram.RunAsync("lintian", "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", deb);

        Assert.True(run.Code == 0, run.Results + run.Progress);
        TestContext.Current.SendDiagnosticMessage($"lintian: {run.Results.Trim()}");
    }

    [Fact]
    public async Task Two_runs_make_the_same_bytes()
    {
        var (deb, tar) = await packages.MadeAsync();

        var (secondDeb, secondTar) = await packages.MakeAsync("second");

        Assert.Equal(await HashAsync(deb), await HashAsync(secondDeb));
        Assert.Equal(await HashAsync(tar), await HashAsync(secondTar));
    }

    [Fact]
    public async Task Both_packages_bring_the_same_files()
    {
        var (deb, tar) = await packages.MadeAsync();

        var inDeb = (await OtherProgram.RequireAsync("sh", "-c", $"dpkg-deb --fsys-tarfile '{deb}' | tar -t")).Split('\n').Order(StringComparer.Ordinal);
        var inTar = (await OtherProgram.RequireAsync("tar", "-tzf", tar)).Split('\n').Order(StringComparer.Ordinal);

        Assert.Equal(inTar, inDeb);
        Assert.Contains("./usr/bin/blocklist-agent", inDeb);
        Assert.Equal("/etc/blocklist-agent/agent.ini\n", await OtherProgram.RequireAsync("sh", "-c", $"dpkg-deb --ctrl-tarfile '{deb}' | tar -xO ./conffiles"));
    }

    private static async Task<string> HashAsync(string path) => Format.Hashes.Sha256(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
}
