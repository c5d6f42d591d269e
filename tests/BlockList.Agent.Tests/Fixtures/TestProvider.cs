using BlockList.Agent.Commands;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A provider's machine in a temporary directory: configuration, state, zones. The agent runs in this process,
/// through its command line.</summary>
internal sealed class TestProvider : IDisposable
{
    private readonly TestClock clock;

    public TestProvider(TestClock clock)
    {
        this.clock = clock;
        Directory = System.IO.Directory.CreateTempSubdirectory("agent-").FullName;
        System.IO.Directory.CreateDirectory(Zones);
        // Whoever runs the resolver must get through to the zones.
        File.SetUnixFileMode(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    public string Directory { get; }

    public string Config => Path.Combine(Directory, "etc", "agent.ini");

    public string Bundle => Path.Combine(Directory, "bundle");

    public string State => Path.Combine(Directory, "state");

    public string Zones => Path.Combine(Directory, "zones");

    public string ZoneFile(string list = "worst-of") => Path.Combine(Zones, list + ".rpz");

    public ListState StateOf(string list = "worst-of") => new(State, list);

    /// <summary>Writes the operator's bundle.</summary>
    public void WriteBundle(TestPki pki, Uri server, params TestRepository[] repositories)
    {
        System.IO.Directory.CreateDirectory(Bundle);
        var (certificate, key) = pki.Client();
        File.WriteAllText(Path.Combine(Bundle, "bundle.ini"),
            $"[bundle]\nserver={server.GetLeftPart(UriPartial.Authority)}\nprovider=Provider One\nlists={string.Join(", ", repositories.Select(r => r.List))}\n");
        File.WriteAllText(Path.Combine(Bundle, "ca.pem"), pki.AuthorityPem);
        File.WriteAllText(Path.Combine(Bundle, "certificate.pem"), certificate);
        File.WriteAllText(Path.Combine(Bundle, "key.pem"), key);
        foreach (var repository in repositories)
            File.WriteAllBytes(Path.Combine(Bundle, repository.List + ".root.json"), repository.Root);
    }

    /// <summary>Adds a line to <c>[agent]</c>.</summary>
    public void Configure(string line) => File.WriteAllText(Config, File.ReadAllText(Config).Replace("[agent]\n", $"[agent]\n{line}\n", StringComparison.Ordinal));

    public Task<AgentRun> EnrollAsync(params string[] more) =>
        RunAsync(["enroll", Bundle, "--state", State, "--zone-directory", Zones, .. more]);

    public async Task<AgentRun> RunAsync(params string[] arguments)
    {
        using var results = new StringWriter();
        using var progress = new StringWriter();
        var code = await AgentCommandLine.RunAsync(["--config", Config, .. arguments], clock, new AgentOutput(results, progress), TestContext.Current.CancellationToken);
        return new AgentRun(code, results.ToString(), progress.ToString());
    }

    /// <summary>The list that the agent holds as verified.</summary>
    public ListFile? Held(string list = "worst-of") =>
        DurableFile.TryRead(StateOf(list).Content) is { } bytes ? ListFile.Parse(bytes) : null;

    public Serial? HeldVersion(string list = "worst-of") => StateOf(list).ReadMemory()?.Held?.Version;

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
