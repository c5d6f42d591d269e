using System.Numerics;

namespace BlockList.Format.Log;

/// <summary>A complete subtree of a log's Merkle tree: the leaves from <c>Index × 2^Level</c> on, <c>2^Level</c> of them. Its hash
/// never changes once its last leaf is there, so it is what a log stores.</summary>
/// <param name="Level">0 for a leaf.</param>
/// <param name="Index">From 0, among the subtrees of its level.</param>
public readonly record struct TreeNode(int Level, long Index)
{
    /// <summary>The largest tree: its size still has one more bit than any count of leaves needs.</summary>
    public const long LargestSize = 1L << 62;

    /// <summary>The complete subtrees that leaves are made of, from left to right: the largest first where the range begins at 0
    /// (RFC 6962 section 2.1).</summary>
    /// <param name="start">The first leaf; a multiple of the largest subtree's size, as every range of a proof has it.</param>
    /// <param name="end">The leaf after the last.</param>
    public static IEnumerable<TreeNode> Covering(long start, long end)
    {
        while (start < end)
        {
            var level = BitOperations.Log2((ulong)(end - start));
            if (start != 0) level = Math.Min(level, BitOperations.TrailingZeroCount(start));
            yield return new TreeNode(level, start >> level);
            start += 1L << level;
        }
    }

    /// <summary>The subtrees that become complete with a leaf, the leaf itself first: each is made of its left neighbour,
    /// <see cref="Sibling"/>, and the one before.</summary>
    /// <param name="leaf">From 0.</param>
    public static IEnumerable<TreeNode> CompletedBy(long leaf)
    {
        var level = 0;
        for (var index = leaf; ; index >>= 1)
        {
            yield return new TreeNode(level++, index);
            if ((index & 1) == 0) yield break;
        }
    }

    /// <summary>The other half of the subtree above.</summary>
    public TreeNode Sibling => this with { Index = Index ^ 1 };
}
