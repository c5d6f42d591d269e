using System.Security.Cryptography;

namespace BlockList.Format.Statements;

/// <summary>Merkle tree hashes of RFC 6962 section 2.1 (SHA-256): one signature over the root covers every leaf.</summary>
public static class MerkleTree
{
    /// <summary>The hash of one leaf: SHA-256 of a zero byte and the leaf.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> leaf)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(leaf);
        return hash.GetHashAndReset();
    }

    /// <summary>The root over leaves in their order; of no leaves it is the hash of nothing.</summary>
    public static byte[] Root(IEnumerable<byte[]> leaves) => RootOfHashes(leaves.Select(leaf => LeafHash(leaf)));

    /// <summary>The same of leaves whose hashes are known.</summary>
    public static byte[] RootOfHashes(IEnumerable<byte[]> leafHashes)
    {
        // Complete subtrees, largest first; equal heights merge as a binary counter carries.
        var subtrees = new Stack<(int Height, byte[] Hash)>();
        foreach (var leafHash in leafHashes)
        {
            var (height, hash) = (0, leafHash);
            while (subtrees.TryPeek(out var left) && left.Height == height)
            {
                hash = NodeHash(subtrees.Pop().Hash, hash);
                height++;
            }
            subtrees.Push((height, hash));
        }
        if (subtrees.Count == 0) return SHA256.HashData([]);
        var root = subtrees.Pop().Hash;
        while (subtrees.TryPop(out var left)) root = NodeHash(left.Hash, root);
        return root;
    }

    /// <summary>The hash of two neighbours: SHA-256 of a one byte and their hashes.</summary>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> node = stackalloc byte[1 + 32 + 32];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[33..]);
        return SHA256.HashData(node);
    }
}
