using BlockList.Format.Log;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Log;

public sealed class TreeProofTests
{
    private const int Most = 260;
    private static readonly GrowingLog Log = GrowingLog.Of(Most);
    private static readonly TreeDefinition Definition = new(Log.Leaves);

    /// <summary>Around every power of two, and some between.</summary>
    private static readonly int[] Sizes = [.. Enumerable.Range(1, 34), 63, 64, 65, 100, 127, 128, 129];

    [Fact]
    public void Every_root_is_the_one_of_the_definition()
    {
        for (var size = 0; size <= Most; size++) Assert.Equal(Definition.Hash(0, size), Log.Tree.Root(size));
    }

    [Fact]
    public void Every_leaf_of_every_size_is_shown_as_the_definition_shows_it()
    {
        for (var size = 1; size <= Most; size++)
        {
            for (var leaf = 0; leaf < size; leaf++)
            {
                var path = Log.Tree.InclusionOf(leaf, size);
                Assert.True(Same(Definition.Path(leaf, 0, size), path));
                Assert.True(TreeProof.Includes(LeafHash(leaf), leaf, size, Root(size), path));
            }
        }
    }

    [Fact]
    public void Every_two_sizes_are_shown_to_agree_as_the_definition_shows_it()
    {
        for (var to = 0; to <= Most; to++)
        {
            for (var from = 0; from <= to; from++)
            {
                var proof = Log.Tree.Consistency(from, to);
                Assert.True(Same(Definition.Proof(from, to), proof));
                Assert.True(TreeProof.IsConsistent(from, Root(from), to, Root(to), proof));
            }
        }
    }

    [Fact]
    public void A_path_that_is_not_exactly_the_path_shows_nothing()
    {
        foreach (var size in Sizes)
        {
            for (var leaf = 0; leaf < size; leaf++)
            {
                var path = Log.Tree.InclusionOf(leaf, size);
                Assert.All(Altered(path), other => Assert.False(TreeProof.Includes(LeafHash(leaf), leaf, size, Root(size), other)));
                Assert.False(TreeProof.Includes(LeafHash((leaf + 1) % Most), leaf, size, Root(size), path));
                Assert.False(TreeProof.Includes(LeafHash(leaf), leaf, size, Root(size + 1 > Most ? size - 1 : size + 1), path));
                foreach (var elsewhere in Enumerable.Range(0, size).Where(other => other != leaf)) Assert.False(TreeProof.Includes(LeafHash(leaf), elsewhere, size, Root(size), path));
                foreach (var outside in (long[])[-1, size, size + 1, long.MaxValue]) Assert.False(TreeProof.Includes(LeafHash(leaf), outside, size, Root(size), path));
            }
        }
    }

    [Fact]
    public void A_proof_that_is_not_exactly_the_proof_shows_nothing()
    {
        foreach (var to in Sizes)
        {
            for (var from = 1; from < to; from++)
            {
                var proof = Log.Tree.Consistency(from, to);
                Assert.All(Altered(proof), other => Assert.False(TreeProof.IsConsistent(from, Root(from), to, Root(to), other)));
                // Another size with its own true root: the proof of one is none for another.
                foreach (var other in (int[])[from - 1, from + 1]) Assert.False(TreeProof.IsConsistent(other, Root(other), to, Root(to), proof) && other != 0 && other != to);
                Assert.False(TreeProof.IsConsistent(from, Forked(from), to, Root(to), proof));
                Assert.False(TreeProof.IsConsistent(from, Root(from), to, Forked(to), proof));
                Assert.False(TreeProof.IsConsistent(to, Root(to), from, Root(from), proof));
            }
        }
    }

    [Fact]
    public void Two_trees_of_one_size_agree_only_where_they_are_one()
    {
        Assert.True(TreeProof.IsConsistent(7, Root(7), 7, Root(7), []));
        Assert.False(TreeProof.IsConsistent(7, Root(7), 7, Forked(7), []));
        Assert.False(TreeProof.IsConsistent(7, Root(7), 7, Root(7), [Root(7)]));
        Assert.True(TreeProof.IsConsistent(0, Root(0), 7, Root(7), []));
        Assert.False(TreeProof.IsConsistent(0, Root(0), 7, Root(7), [Root(7)]));
        Assert.False(TreeProof.IsConsistent(-1, Root(0), 7, Root(7), []));
    }

    [Fact]
    public void A_log_with_one_other_leaf_never_goes_on_from_this_one()
    {
        foreach (var changed in (int[])[0, 1, 5, 31, 63, 64])
        {
            var fork = new GrowingLog();
            for (var i = 0; i < 70; i++) fork.Append(i == changed ? [0xff, 0xff, 0xff] : Log.Leaves[i]);
            for (var from = changed + 1; from < 70; from++)
                Assert.False(TreeProof.IsConsistent(from, Root(from), 70, fork.Root, fork.Tree.Consistency(from, 70)));
        }
    }

    [Fact]
    public void Sizes_that_no_log_reaches_end_without_harm()
    {
        var hashes = Enumerable.Repeat(Root(1), TreeProof.MostHashes).ToArray();
        Assert.False(TreeProof.Includes(Root(1), long.MaxValue - 1, long.MaxValue, Root(2), hashes));
        Assert.False(TreeProof.Includes(Root(1), 0, 1, Root(2), hashes));
        Assert.False(TreeProof.IsConsistent(1, Root(1), long.MaxValue, Root(2), hashes));
        Assert.False(TreeProof.IsConsistent(long.MaxValue - 1, Root(1), long.MaxValue, Root(2), hashes));
        Assert.False(TreeProof.Includes(Root(1), 0, 2, Root(2), [.. hashes, .. hashes]));
    }

    [Fact]
    public void An_answer_asks_for_two_subtrees_for_each_bit_at_most()
    {
        const long Huge = (1L << 40) - 1;
        Assert.Equal(40, StoredTree.NodesOf(tree => tree.Root(Huge)).Count);
        Assert.InRange(StoredTree.NodesOf(tree => tree.InclusionOf(Huge / 3, Huge)).Count, 1, 80);
        Assert.InRange(StoredTree.NodesOf(tree => tree.Consistency(Huge / 3, Huge)).Count, 1, 80);
        Assert.Equal(41, TreeNode.CompletedBy(Huge).Count() + TreeNode.CompletedBy(Huge - 1).Count() - 1);
    }

    private static IEnumerable<byte[][]> Altered(IReadOnlyList<byte[]> proof)
    {
        var hashes = proof.ToArray();
        yield return [.. hashes, Root(3)];
        yield return [Root(3), .. hashes];
        if (hashes.Length == 0) yield break;
        yield return hashes[1..];
        yield return hashes[..^1];
        yield return [.. hashes[..^1], [.. hashes[^1], 0]];
        yield return [.. hashes[..^1], hashes[^1][..31]];
        yield return [.. hashes, hashes[^1]];
        for (var i = 0; i < hashes.Length; i++)
        {
            var flipped = hashes.Select(h => (byte[])h.Clone()).ToArray();
            flipped[i][i % 32] ^= 1;
            yield return flipped;
            if (i == 0) continue;
            var swapped = hashes.ToArray();
            (swapped[i - 1], swapped[i]) = (swapped[i], swapped[i - 1]);
            yield return swapped;
        }
    }

    private static bool Same(IEnumerable<byte[]> one, IReadOnlyList<byte[]> other)
    {
        var hashes = one.ToArray();
        return hashes.Length == other.Count && hashes.Zip(other).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
    }

    private static byte[] LeafHash(int leaf) => MerkleTree.LeafHash(Log.Leaves[leaf]);

    private static byte[] Root(int size) => Definition.Hash(0, size);

    private static byte[] Forked(int size) => MerkleTree.Root([.. Log.Leaves.Take(size - 1), [9, 9, 9]]);
}
