using System.Security.Cryptography;
using BlockList.Format.Statements;

namespace BlockList.Format.Log;

/// <summary>A log's Merkle tree read from its complete subtrees (RFC 6962 section 2.1). Every answer asks for few of them: at most
/// two for each bit of the size.</summary>
/// <param name="read">The hash of a complete subtree, 32 bytes.</param>
public sealed class StoredTree(Func<TreeNode, byte[]> read)
{
    /// <summary>The root over the first <paramref name="size"/> leaves; of no leaves it is the hash of nothing.</summary>
    public byte[] Root(long size) => size == 0 ? SHA256.HashData([]) : HashOf(0, size);

    /// <summary>The audit path of a leaf, from the leaf upwards (RFC 6962 section 2.1.1).</summary>
    /// <param name="leaf">From 0; below <paramref name="size"/>.</param>
    /// <param name="size">Of the tree that the path leads to.</param>
    public IReadOnlyList<byte[]> InclusionOf(long leaf, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, size);
        var path = new List<byte[]>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + Split(end - start);
            path.Add(leaf < middle ? HashOf(middle, end) : HashOf(start, middle));
            (start, end) = leaf < middle ? (start, middle) : (middle, end);
        }
        path.Reverse();
        return path;
    }

    /// <summary>The proof that the first leaves of a tree are an earlier tree (RFC 6962 section 2.1.2). Empty where both are the same,
    /// and where the earlier one is empty.</summary>
    /// <param name="from">Size of the earlier tree; at most <paramref name="to"/>.</param>
    /// <param name="to">Size of the later one.</param>
    public IReadOnlyList<byte[]> Consistency(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var proof = new List<byte[]>();
        if (from == 0 || from == to) return proof;
        var (start, end) = (0L, to);
        while (from != end)
        {
            var middle = start + Split(end - start);
            proof.Add(from <= middle ? HashOf(middle, end) : HashOf(start, middle));
            (start, end) = from <= middle ? (start, middle) : (middle, end);
        }
        // The subtree that ends where the earlier tree ends; whoever has that tree's root knows it where it is the whole of it.
        if (start != 0) proof.Add(HashOf(start, end));
        proof.Reverse();
        return proof;
    }

    /// <summary>What an answer would ask for, so that it can be read in one go.</summary>
    /// <param name="answer">A call of one of the other members.</param>
    public static IReadOnlySet<TreeNode> NodesOf(Action<StoredTree> answer)
    {
        var nodes = new HashSet<TreeNode>();
        var nothing = new byte[32];
        answer(new StoredTree(node =>
        {
            nodes.Add(node);
            return nothing;
        }));
        return nodes;
    }

    private byte[] HashOf(long start, long end)
    {
        byte[]? hash = null;
        foreach (var node in TreeNode.Covering(start, end).Reverse()) hash = hash is null ? read(node) : MerkleTree.NodeHash(read(node), hash);
        return hash!;
    }

    /// <summary>The largest power of two that is smaller than a size of at least 2.</summary>
    private static long Split(long size) => 1L << System.Numerics.BitOperations.Log2((ulong)(size - 1));
}
