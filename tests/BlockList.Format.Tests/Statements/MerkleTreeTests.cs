using System.Security.Cryptography;
using BlockList.Format.Statements;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Statements;

public sealed class MerkleTreeTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true).WithReplay(20_260_103, 7);

    /// <summary>Leaves and roots of the reference implementations of certificate transparency (transparency-dev/merkle, testonly).</summary>
    private static readonly byte[][] Leaves =
        [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString)];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_published_roots_come_out(int leaves, string root) =>
        Assert.Equal(root, Convert.ToHexStringLower(MerkleTree.Root(Leaves.Take(leaves))));

    [Fact]
    public void The_definition_of_the_RFC_agrees_for_any_number_of_leaves() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf().Resize(8).ListOf().Resize(70).ToArbitrary(),
            leaves => MerkleTree.Root(leaves).AsSpan().SequenceEqual(Definition([.. leaves]))).Check(Runs);

    [Fact]
    public void The_definition_agrees_around_every_power_of_two()
    {
        var leaves = Enumerable.Range(0, 130).Select(i => new[] { (byte)i }).ToArray();
        for (var count = 0; count <= leaves.Length; count++)
            Assert.Equal(Definition(leaves[..count]), MerkleTree.Root(leaves.Take(count)));
    }

    [Fact]
    public void A_leaf_added_removed_changed_or_moved_changes_the_root()
    {
        byte[][] leaves = [[1], [2], [3], [4], [5]];
        var root = MerkleTree.Root(leaves);
        byte[][][] others = [[.. leaves, []], [.. leaves, leaves[4]], leaves[..4], leaves[1..], [[1], [2], [3], [5], [4]], [[1], [2], [3], [4], [6]], [[1, 2], [3], [4], [5]]];
        Assert.All(others, other => Assert.NotEqual(root, MerkleTree.Root(other)));
    }

    [Fact]
    public void No_leaf_can_be_taken_for_a_node()
    {
        var node = MerkleTree.Root([[1], [2]]);
        byte[] asLeaf = [.. MerkleTree.LeafHash([1]), .. MerkleTree.LeafHash([2])];
        Assert.NotEqual(node, MerkleTree.Root([asLeaf]));
        Assert.NotEqual(node, MerkleTree.LeafHash([1, .. asLeaf]));
    }

    /// <summary>RFC 6962 section 2.1, word for word: k is the largest power of two smaller than n.</summary>
    private static byte[] Definition(byte[][] leaves)
    {
        if (leaves.Length == 0) return SHA256.HashData([]);
        if (leaves.Length == 1) return SHA256.HashData([0, .. leaves[0]]);
        var k = 1;
        while (k * 2 < leaves.Length) k *= 2;
        return SHA256.HashData([1, .. Definition(leaves[..k]), .. Definition(leaves[k..])]);
    }
}
