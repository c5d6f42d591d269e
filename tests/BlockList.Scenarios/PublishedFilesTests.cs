using System.Text;
using BlockList.Tools.Deployments;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>Published files checked with the tools that people have, not with ours.</summary>
public sealed class PublishedFilesTests(Installation installation) : IDisposable
{
    private readonly ProviderClient client = new(installation.Deployment, installation.Provider);

    public void Dispose() => client.Dispose();

    [Theory]
    [InlineData(DevelopmentKeys.WorstOf)]
    [InlineData(DevelopmentKeys.EnforcementTest)]
    public async Task Manifest_is_verified_by_ssh_keygen_and_a_changed_one_is_not(string list)
    {
        var folder = installation.State.Directory("check");
        var manifest = await client.TargetAsync(list, "manifest.txt");
        var signature = installation.State.Write(Path.Combine(folder, "manifest.sshsig"), Encoding.ASCII.GetString(await client.TargetAsync(list, "manifest.txt.sshsig")));
        var signers = installation.State.Write(Path.Combine(folder, "allowed_signers"), installation.Deployment.Keys.AllowedSigners(list));
        Assert.Equal(0, (await VerifyAsync(Encoding.ASCII.GetString(manifest))).ExitCode);
        Assert.NotEqual(0, (await VerifyAsync(Encoding.ASCII.GetString(manifest).Replace("version: ", "version: 1", StringComparison.Ordinal))).ExitCode);

        Task<SubprocessResult> VerifyAsync(string text) => Subprocess.RunAsync(
            ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", list, "-n", Format.Lists.Manifest.SshNamespace, "-s", signature], input: text, ct: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Manifest_is_verified_by_openssl_cms_and_a_changed_one_is_not()
    {
        var folder = installation.State.Directory("check");
        var manifest = Path.Combine(folder, "manifest.txt");
        var signature = Path.Combine(folder, "manifest.p7s");
        var certificate = Server.Signing.OnlineKeys.CertificatePathOf(installation.Deployment.Keys.OnlineFolder, DevelopmentKeys.WorstOf);
        await File.WriteAllBytesAsync(manifest, await client.TargetAsync(DevelopmentKeys.WorstOf, "manifest.txt"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(signature, await client.TargetAsync(DevelopmentKeys.WorstOf, "manifest.txt.p7s"), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await VerifyAsync()).ExitCode);
        await File.AppendAllTextAsync(manifest, " ", TestContext.Current.CancellationToken);
        Assert.NotEqual(0, (await VerifyAsync()).ExitCode);

        Task<SubprocessResult> VerifyAsync() => Subprocess.RunAsync(
            ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", manifest, "-CAfile", certificate, "-out", "/dev/null"], ct: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task List_is_sorted_as_sort_checks_and_is_the_one_that_the_manifest_names()
    {
        var bytes = await client.TargetAsync(DevelopmentKeys.WorstOf, "list.txt");
        var sorted = await Subprocess.RunAsync(["sort", "-c", "-u"], environment: new Dictionary<string, string> { ["LC_ALL"] = "C" }, input: Encoding.ASCII.GetString(bytes), ct: TestContext.Current.CancellationToken);
        Assert.Equal(0, sorted.ExitCode);
        var manifest = Encoding.ASCII.GetString(await client.TargetAsync(DevelopmentKeys.WorstOf, "manifest.txt"));
        var hash = (await Subprocess.RunAsync(["sha256sum"], input: Encoding.ASCII.GetString(bytes), ct: TestContext.Current.CancellationToken)).Require().Output[..64];
        Assert.Contains($"sha256: {hash}\n", manifest, StringComparison.Ordinal);
    }
}
