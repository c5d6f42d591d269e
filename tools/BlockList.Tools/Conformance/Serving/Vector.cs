using BlockList.Tools.Conformance.Repository;

namespace BlockList.Tools.Conformance.Serving;

/// <summary>What one case serves: its repository, and how the server misbehaves about it.</summary>
internal sealed class Vector(TimeProvider clock)
{
    private string misservedFile = "";
    private Misserving misserving = Misservings.Honestly;

    public VectorTree Repository { get; } = new(clock);

    /// <summary>The content encoding that the server prefers where it is accepted; empty for none.</summary>
    public string Encoding { get; set; } = "br";

    /// <summary>The server shows a certificate of an authority that the agent was never told of.</summary>
    public bool Impostor { get; set; }

    /// <summary>Changes the first root that the agent is given.</summary>
    public Func<byte[], byte[]> FirstRoot { get; set; } = bytes => bytes;

    /// <summary>Changes the hash of that root as the operator told it by another way.</summary>
    public Func<string, string> ToldHash { get; set; } = hash => hash;

    /// <summary>Files whose path ends so are served this way until <see cref="ServeHonestly"/>. The empty end is every file.</summary>
    public void Misserve(string file, Misserving how) => (misservedFile, misserving) = (file, how);

    public void ServeHonestly()
    {
        Misserve("", Misservings.Honestly);
        Impostor = false;
    }

    public Misserving ServingOf(string path) =>
        path.EndsWith(misservedFile, StringComparison.Ordinal) ? misserving : Misservings.Honestly;
}
