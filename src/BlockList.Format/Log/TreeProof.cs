using BlockList.Format.Statements;

namespace BlockList.Format.Log;

/// <summary>Checks proofs that somebody else made, by the algorithms of RFC 9162. Whatever is wrong with one, the answer is false.</summary>
public static class TreeProof
{
    /// <summary>The most hashes that a proof of either kind can have.</summary>
    public const int MostHashes = 64;

    /// <summary>Whether a leaf stands in a tree (RFC 9162 section 2.1.3.2).</summary>
    /// <param name="leafHash">The leaf's own hash, <see cref="MerkleTree.LeafHash"/>.</param>
    /// <param name="leaf">Where, from 0.</param>
    /// <param name="size">Of the tree.</param>
    /// <param name="root">Of the tree.</param>
    /// <param name="path">The audit path, from the leaf upwards.</param>
    public static bool Includes(byte[] leafHash, long leaf, long size, byte[] root, IReadOnlyList<byte[]> path)
    {
        if (leaf < 0 || leaf >= size || path.Count > MostHashes || !AreHashes(path)) return false;
        var (node, last) = (leaf, size - 1);
        var hash = leafHash;
        foreach (var sibling in path)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleTree.NodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = MerkleTree.NodeHash(hash, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Whether one tree is the beginning of another (RFC 9162 section 2.1.4.2). An empty one is the beginning of all; two of
    /// one size are the same tree or none is the other's beginning.</summary>
    /// <param name="from">Size of the earlier tree.</param>
    /// <param name="fromRoot">Its root.</param>
    /// <param name="to">Size of the later one.</param>
    /// <param name="toRoot">Its root.</param>
    /// <param name="proof">The hashes, in the order of RFC 6962 section 2.1.2.</param>
    public static bool IsConsistent(long from, byte[] fromRoot, long to, byte[] toRoot, IReadOnlyList<byte[]> proof)
    {
        if (from < 0 || from > to || proof.Count > MostHashes || !AreHashes(proof)) return false;
        if (from == 0) return proof.Count == 0;
        if (from == to) return proof.Count == 0 && fromRoot.AsSpan().SequenceEqual(toRoot);
        if (proof.Count == 0) return false;
        // A power of two is one complete subtree, and its root is the proof's first hash.
        var hashes = (from & (from - 1)) == 0 ? proof.Prepend(fromRoot) : proof;
        var (node, last) = (from - 1, to - 1);
        while ((node & 1) == 1) (node, last) = (node >> 1, last >> 1);
        byte[]? earlier = null, later = null;
        foreach (var hash in hashes)
        {
            if (earlier is null || later is null)
            {
                (earlier, later) = (hash, hash);
                continue;
            }
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                earlier = MerkleTree.NodeHash(hash, earlier);
                later = MerkleTree.NodeHash(hash, later);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                later = MerkleTree.NodeHash(later, hash);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && earlier.AsSpan().SequenceEqual(fromRoot) && later.AsSpan().SequenceEqual(toRoot);
    }

    private static bool AreHashes(IReadOnlyList<byte[]> hashes) => hashes.All(hash => hash.Length == 32);
}
