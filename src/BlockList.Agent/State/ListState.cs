using BlockList.Agent.Configuration;
using BlockList.Agent.Enforcing;
using BlockList.Format.Tuf;

namespace BlockList.Agent.State;

/// <summary>
/// Where the state of one list lies. <c>tuf/</c> and <c>memory.json</c> are what the agent trusts; <c>content/</c> is
/// kept apart, because it can be fetched again at any time and they cannot.
/// </summary>
internal sealed class ListState
{
    private readonly string directory;

    public ListState(string stateDirectory, string list)
    {
        directory = Path.Combine(stateDirectory, list);
        List = list;
    }

    public string List { get; }

    /// <summary>Which installation this is.</summary>
    public string Node => State.Node.Of(Path.GetDirectoryName(directory)!);

    public string Root => MetadataOf(RoleName.Root);

    public string Timestamp => MetadataOf(RoleName.Timestamp);

    public string Snapshot => MetadataOf(RoleName.Snapshot);

    public string Targets => MetadataOf(RoleName.Targets);

    public string Content => Path.Combine(directory, "content", "list.txt");

    public string Receipts => Path.Combine(directory, "receipts");

    public string Steps => Path.Combine(directory, "steps");

    /// <summary>The last answer of a log that did not verify, for whoever looks into it.</summary>
    public string RefusedLog => Path.Combine(directory, "log-refused.txt");

    /// <summary>The authorities of the server as the list's own keys say them, in PEM behind a line with the SHA-256 of the file that said so.</summary>
    private string ServerCaPath => Path.Combine(directory, RenewalFiles.ServerCaName);

    private string EnforcingPath => Path.Combine(directory, "enforcing.json");

    private string MemoryPath => Path.Combine(directory, "memory.json");

    private string PollPath => Path.Combine(directory, "poll.json");

    private string RunPath => Path.Combine(directory, "run.json");

    private string ToldPath => Path.Combine(directory, "told.json");

    private string AppliedPath => Path.Combine(directory, "applied.json");

    public void CreateDirectories()
    {
        DurableFile.CreateDirectory(directory);
        DurableFile.CreateDirectory(Path.GetDirectoryName(Root)!);
        DurableFile.CreateDirectory(Path.GetDirectoryName(Content)!);
        DurableFile.CreateDirectory(Receipts);
        DurableFile.CreateDirectory(Steps);
    }

    /// <summary>SHA-256 of the <c>trust.json</c> that was last followed, or null.</summary>
    public string? ReadServerCaSource() => File.Exists(ServerCaPath) ? File.ReadLines(ServerCaPath).FirstOrDefault()?.TrimStart('#', ' ') : null;

    public void WriteServerCa(string source, string pem) => DurableFile.Write(ServerCaPath, System.Text.Encoding.ASCII.GetBytes($"# {source}\n{pem}"));

    /// <exception cref="ConfigurationException">The list was never enrolled here.</exception>
    public byte[] ReadRoot() => DurableFile.TryRead(Root) ?? throw new ConfigurationException(
        $"list {List} has no trusted root in {directory}. Nothing can be verified without one. " +
        "Run \"blocklist-agent enroll\" with the bundle that the operator gave you.");

    public VersionMemory? ReadMemory() => StateJson.Read(MemoryPath, VersionMemory.Parse);

    public void Write(VersionMemory memory) => StateJson.Write(MemoryPath, memory.ToJson());

    public PollRecord ReadPoll() => StateJson.Read(PollPath, PollRecord.Parse) ?? new PollRecord();

    public void Write(PollRecord poll) => StateJson.Write(PollPath, poll.ToJson());

    public RunRecord? ReadRun() => StateJson.Read(RunPath, RunRecord.Parse);

    public void Write(RunRecord run) => StateJson.Write(RunPath, run.ToJson());

    public AppliedRecord? ReadApplied() => StateJson.Read(AppliedPath, AppliedRecord.Parse);

    public void Write(AppliedRecord applied) => StateJson.Write(AppliedPath, applied.ToJson());

    public ToldRecord? ReadTold() => StateJson.Read(ToldPath, ToldRecord.Parse);

    public void Write(ToldRecord told) => StateJson.Write(ToldPath, told.ToJson());

    public EnforcingState? ReadEnforcing() => StateJson.Read(EnforcingPath, EnforcingState.Parse);

    public void Write(EnforcingState enforcing) => StateJson.Write(EnforcingPath, enforcing.ToJson());

    private string MetadataOf(string role) => Path.Combine(directory, "tuf", role + ".json");
}
