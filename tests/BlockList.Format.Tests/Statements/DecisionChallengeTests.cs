using System.Security.Cryptography;
using BlockList.Format.Statements;
using Xunit;

namespace BlockList.Format.Tests.Statements;

public sealed class DecisionChallengeTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void The_challenges_are_those_that_sha256sum_computes()
    {
        // printf 'blocklist-decision/1\n' followed by the bytes 0 to 31 and {}; the same with the root of no leaves.
        Assert.Equal("3205a59fc9e9386c5d30e283aaaaa353dc421c091e2c6a19513b66bc3b77a40d", Convert.ToHexStringLower(DecisionChallenge.ForStatement(Nonce, "{}"u8)));
        Assert.Equal("bcd593927fb6481ad1b384ff98e9b73ad19f945954918bfa395ea3161c21da90", Convert.ToHexStringLower(DecisionChallenge.ForBatch(Nonce, SHA256.HashData([]))));
    }

    [Fact]
    public void Nonce_statement_and_form_each_change_the_challenge()
    {
        var root = SHA256.HashData([]);
        byte[] other = [.. Nonce];
        other[31] ^= 1;
        byte[][] all =
        [
            DecisionChallenge.ForStatement(Nonce, root), DecisionChallenge.ForBatch(Nonce, root), DecisionChallenge.ForStatement(other, root),
            DecisionChallenge.ForBatch(other, root), DecisionChallenge.ForStatement(Nonce, root.AsSpan(1)), DecisionChallenge.ForStatement(Nonce, [.. root, 0]),
        ];
        Assert.Equal(all.Length, all.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_nonce_of_another_length_is_an_error_of_the_caller(int length)
    {
        // Otherwise bytes could move between nonce and statement.
        Assert.Throws<ArgumentException>(() => DecisionChallenge.ForStatement(new byte[length], "{}"u8));
        Assert.Throws<ArgumentException>(() => DecisionChallenge.ForBatch(new byte[length], new byte[32]));
    }
}
