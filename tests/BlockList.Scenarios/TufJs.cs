using System.Globalization;
using BlockList.Tools.Commands;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Scenarios;

/// <summary>tuf-js, a client that nobody here wrote, in a Node that is new enough for it.</summary>
/// <param name="server">Scheme, host and port.</param>
/// <param name="bundle">The provider's bundle, for its certificate and the server's authority.</param>
/// <param name="rootOf">The root of a list that trust begins with.</param>
internal sealed class TufJs(string server, string bundle, Func<string, string> rootOf)
{
    private static readonly string Folder = Path.Combine(Checkout.Own().FullName, "tools", "interop");

    public TufJs(Installation installation)
        : this(installation.Deployment.ServerAddress, installation.Provider.BundleDirectory, list => installation.Deployment.Keys.RootFile(list))
    {
    }

    /// <summary>Downloads a target with fresh trust, from the server or from one at another address.</summary>
    public async Task<SubprocessResult> DownloadAsync(string list, string target, string? address = null, string? work = null)
    {
        Prerequisite.Require(Directory.Exists(Path.Combine(Folder, "node_modules", "tuf-js")), "tuf-js is not installed: run tools/test, or npm --prefix tools/interop ci");
        work ??= Directory.CreateTempSubdirectory("tuf-js-").FullName;
        return await Subprocess.RunAsync(
            [Node(), Path.Combine(Folder, "tuf-client.mjs"), $"{address ?? server}/v1/{list}", Path.Combine(bundle, "ca.pem"),
                Path.Combine(bundle, "certificate.pem"), Path.Combine(bundle, "key.pem"), rootOf(list), target, work],
            ct: TestContext.Current.CancellationToken);
    }

    /// <summary>tuf-js asks for Node 20.17, or 22.9 and later.</summary>
    private static string Node()
    {
        var own = Directory.Exists(Path.Combine(Folder, "node_modules"))
            ? Directory.GetDirectories(Path.Combine(Folder, "node_modules"), "node-linux-*").Select(d => Path.Combine(d, "bin", "node")).FirstOrDefault(File.Exists)
            : null;
        if (own is not null) return own;
        var version = Subprocess.Run("/bin/sh", "-c", "node --version").Output.Trim().TrimStart('v').Split('.');
        var newEnough = version.Length == 3 && int.TryParse(version[0], CultureInfo.InvariantCulture, out var major) && int.TryParse(version[1], CultureInfo.InvariantCulture, out var minor)
            && (major > 22 || (major == 22 && minor >= 9) || (major == 20 && minor >= 17));
        Prerequisite.Require(newEnough, "Node 20.17, or 22.9 and later, is needed for tuf-js: run tools/test");
        return "node";
    }
}
