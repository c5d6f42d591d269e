using BlockList.Format.Log;
using BlockList.Format.Statements;

namespace BlockList.Agent.Tests.Fixtures;

/// <summary>A transparency log in memory, and every log that one could be made to look like.</summary>
internal sealed class TestLog(SigningKey key, IEnumerable<byte[]> leaves)
{
    public TestLog() : this(new SigningKey(), [])
    {
    }

    public SigningKey Key { get; set; } = key;

    public List<byte[]> Leaves { get; } = [.. leaves];

    private StoredTree Tree => new(node => MerkleTree.Root(Leaves.Skip((int)(node.Index << node.Level)).Take(1 << node.Level)));

    public void Append(LogLeaf leaf) => Leaves.Add(leaf.ToBytes());

    /// <summary>What is shown to a client that knows the log with <paramref name="from"/> leaves.</summary>
    public LogProof Proof(long from, string origin)
    {
        var size = Leaves.Count;
        return new LogProof(from, Tree.InclusionOf(size - 1, size), Tree.Consistency(Math.Min(from, size), size), Note(origin));
    }

    public string Note(string origin)
    {
        var text = new Checkpoint(origin, Leaves.Count, Tree.Root(Leaves.Count)).ToText();
        return SignedNote.Compose(text, origin, Key.Public, Key.SignBytes(SignedNote.SignedBytes(text)));
    }
}
