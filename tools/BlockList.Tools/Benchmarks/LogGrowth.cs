using System.Globalization;
using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Log;
using BlockList.Format.Statements;
using BlockList.Server.Http;
using BlockList.Tools.Conformance.Repository;

namespace BlockList.Tools.Benchmarks;

/// <summary>What the log's proof costs while a log grows. The one of a new installation has two leaves and says nothing about next year's, so
/// proofs are made for every step of a log of some years, as the server makes them.</summary>
internal sealed class LogGrowth
{
    /// <summary>More than a year of five signings a day.</summary>
    private const int Leaves = 2000;

    private LogGrowth(IReadOnlyList<int> bodies) => Bodies = bodies;

    /// <summary>Brotli bytes of the proof from each size to the next.</summary>
    private IReadOnlyList<int> Bodies { get; }

    public int Worst => Bodies.Max();

    public double Mean => Bodies.Average();

    public string Row => string.Create(CultureInfo.InvariantCulture, $"{$"the log's proof, 1 to {Leaves} leaves, Brotli: mean, worst",-48}{Mean,10:0}{Worst,10}");

    public static LogGrowth Measure(string origin)
    {
        var nodes = new Dictionary<TreeNode, byte[]>();
        var tree = new StoredTree(node => nodes[node]);
        var key = new SigningKey();
        var bodies = new List<int>();
        for (var size = 1; size <= Leaves; size++)
        {
            var hash = MerkleTree.LeafHash(new LogLeaf("worst-of", Serial.Create(size), size, Hashes.Sha256(RandomNumberGenerator.GetBytes(32))).ToBytes());
            foreach (var node in TreeNode.CompletedBy(size - 1))
            {
                if (node.Level > 0) hash = MerkleTree.NodeHash(nodes[new TreeNode(node.Level - 1, node.Index * 2)], hash);
                nodes.Add(node, hash);
            }
            var text = new Checkpoint(origin, size, tree.Root(size)).ToText();
            var note = SignedNote.Compose(text, origin, key.Public, key.SignBytes(SignedNote.SignedBytes(text)));
            var proof = new LogProof(size - 1, tree.InclusionOf(size - 1, size), tree.Consistency(size - 1, size), note).ToBytes();
            bodies.Add((Compressed.Of(proof).Brotli ?? proof).Length);
        }
        return new LogGrowth(bodies);
    }
}
