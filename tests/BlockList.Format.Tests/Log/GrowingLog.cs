using BlockList.Format.Log;
using BlockList.Format.Statements;
using BlockList.Format.Tests.Fixtures;

namespace BlockList.Format.Tests.Log;

/// <summary>A log that keeps what a publisher keeps: its leaves and its complete subtrees.</summary>
internal sealed class GrowingLog
{
    private readonly Dictionary<TreeNode, byte[]> nodes = [];

    public GrowingLog() => Tree = new StoredTree(node => nodes[node]);

    public List<byte[]> Leaves { get; } = [];

    public StoredTree Tree { get; }

    public byte[] Root => Tree.Root(Leaves.Count);

    public static GrowingLog Of(int leaves)
    {
        var log = new GrowingLog();
        for (var i = 0; i < leaves; i++) log.Append([(byte)i, (byte)(i >> 8)]);
        return log;
    }

    public void Append(byte[] leaf)
    {
        var hash = MerkleTree.LeafHash(leaf);
        foreach (var node in TreeNode.CompletedBy(Leaves.Count))
        {
            if (node.Level > 0) hash = MerkleTree.NodeHash(nodes[new TreeNode(node.Level - 1, node.Index * 2)], hash);
            nodes.Add(node, hash);
        }
        Leaves.Add(leaf);
    }

    public string Note(string origin, SigningKey key)
    {
        var text = new Checkpoint(origin, Leaves.Count, Root).ToText();
        return SignedNote.Compose(text, origin, key.Public, key.SignBytes(SignedNote.SignedBytes(text)));
    }
}
