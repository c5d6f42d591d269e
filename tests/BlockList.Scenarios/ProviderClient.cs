using System.Net;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Lists;
using BlockList.Format.Tuf;
using BlockList.Tools.Deployments;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>A provider's own HTTPS client: what is served, byte for byte, and what a TUF client makes of it.</summary>
internal sealed class ProviderClient : IDisposable
{
    private readonly HttpClient http;
    private readonly Deployment deployment;

    public ProviderClient(Deployment deployment, DemoProvider provider)
    {
        this.deployment = deployment;
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(provider.BundleDirectory, "ca.pem"));
        var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(provider.BundleDirectory, "certificate.pem"), Path.Combine(provider.BundleDirectory, "key.pem"));
        var handler = new SocketsHttpHandler();
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority } };
        http = new HttpClient(handler) { BaseAddress = new Uri(deployment.ServerAddress) };
    }

    public async Task<byte[]?> FindAsync(string list, string path)
    {
        using var response = await http.GetAsync(new Uri($"/v1/{list}/{path}", UriKind.Relative), TestContext.Current.CancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public async Task<byte[]> GetAsync(string list, string path) => await FindAsync(list, path) ?? throw new InvalidOperationException($"{path} is not served");

    /// <summary>Walks the whole repository as a client does: every file that metadata names is there and is the file meant.</summary>
    /// <returns>The version of the list.</returns>
    public async Task<(ListFacts Facts, ListFile List)> VerifyWholeAsync(string list)
    {
        var client = new TrustedMetadata(await File.ReadAllBytesAsync(deployment.Keys.RootFile(list)), TimeProvider.System.GetUtcNow());
        while (await FindAsync(list, $"tuf/{client.Root.Version + 1}.root.json") is { } root) client.UpdateRoot(root);
        client.UpdateTimestamp(await GetAsync(list, "tuf/timestamp.json"));
        client.UpdateSnapshot(await GetAsync(list, $"tuf/{client.Timestamp!.Snapshot.Version}.snapshot.json"));
        client.UpdateTargets(await GetAsync(list, $"tuf/{client.Snapshot!.Targets.Version}.targets.json"));
        foreach (var (path, target) in client.Targets!.Files)
            Assert.True(target.Matches(await GetAsync(list, "targets/" + target.LocationOf(path))), path);
        var listTarget = client.Targets.Files["list.txt"];
        return (ListFacts.Parse(listTarget.Custom!.Value), ListFile.Parse(await GetAsync(list, "targets/" + listTarget.LocationOf("list.txt"))));
    }

    /// <summary>A target's bytes by its constant name.</summary>
    public async Task<byte[]> TargetAsync(string list, string path)
    {
        var timestamp = TimestampDocument.Parse(Format.Signatures.SignedDocument.Parse(await GetAsync(list, "tuf/timestamp.json")).Signed);
        var snapshot = SnapshotDocument.Parse(Format.Signatures.SignedDocument.Parse(await GetAsync(list, $"tuf/{timestamp.Snapshot.Version}.snapshot.json")).Signed);
        var targets = TargetsDocument.Parse(Format.Signatures.SignedDocument.Parse(await GetAsync(list, $"tuf/{snapshot.Targets.Version}.targets.json")).Signed);
        return await GetAsync(list, "targets/" + targets.Files[path].LocationOf(path));
    }

    /// <summary>The newest version as <c>events</c> tells it to whoever begins to listen.</summary>
    public async Task<string?> HintAsync(string list)
    {
        using var response = await http.GetAsync(new Uri($"/v1/{list}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return line;
        return null;
    }

    public void Dispose() => http.Dispose();
}
