using System.Security.Cryptography;
using BlockList.Format.Statements;

namespace BlockList.Format.Tests.Log;

/// <summary>RFC 6962 section 2.1 as it stands there, over leaves in memory: slow, and plainly right.</summary>
internal sealed class TreeDefinition(IReadOnlyList<byte[]> leaves)
{
    private readonly Dictionary<(int, int), byte[]> known = [];

    /// <summary>MTH(D[start:end]).</summary>
    public byte[] Hash(int start, int end)
    {
        if (known.TryGetValue((start, end), out var hash)) return hash;
        hash = (end - start) switch
        {
            0 => SHA256.HashData([]),
            1 => MerkleTree.LeafHash(leaves[start]),
            var n => MerkleTree.NodeHash(Hash(start, start + K(n)), Hash(start + K(n), end)),
        };
        return known[(start, end)] = hash;
    }

    /// <summary>PATH(m, D[start:end]), with m counted from start.</summary>
    public IEnumerable<byte[]> Path(int m, int start, int end)
    {
        var n = end - start;
        if (n == 1) return [];
        var k = K(n);
        return m < k ? Path(m, start, start + k).Append(Hash(start + k, end)) : Path(m - k, start + k, end).Append(Hash(start, start + k));
    }

    /// <summary>PROOF(m, D[n]).</summary>
    public IEnumerable<byte[]> Proof(int m, int n) => m == 0 || m == n ? [] : Subproof(m, 0, n, true);

    private IEnumerable<byte[]> Subproof(int m, int start, int end, bool complete)
    {
        var n = end - start;
        if (m == n) return complete ? [] : [Hash(start, end)];
        var k = K(n);
        return m <= k ? Subproof(m, start, start + k, complete).Append(Hash(start + k, end)) : Subproof(m - k, start + k, end, false).Append(Hash(start, start + k));
    }

    private static int K(int n)
    {
        var k = 1;
        while (k * 2 < n) k *= 2;
        return k;
    }
}
