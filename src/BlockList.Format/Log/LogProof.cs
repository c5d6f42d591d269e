using System.Globalization;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;

namespace BlockList.Format.Log;

/// <summary>
/// All that a client of a log needs for one step, in one small text: the checkpoint that was signed with a leaf, the proof that
/// this leaf is its last, and the proof that an earlier checkpoint is its beginning.
/// </summary>
/// <param name="From">Size of the earlier checkpoint; 0 where there is none.</param>
/// <param name="Inclusion">The audit path of the last leaf.</param>
/// <param name="Consistency">Empty where <paramref name="From"/> is 0, and where the log is not longer than that.</param>
/// <param name="Note">The checkpoint, a signed note.</param>
public sealed record LogProof(long From, IReadOnlyList<byte[]> Inclusion, IReadOnlyList<byte[]> Consistency, string Note)
{
    /// <summary>Longest text that is read, in bytes: two proofs of the greatest length and a note.</summary>
    public const int MaximumLength = 16 * 1024;

    private const string Head = "blocklist-log-proof/1";
    private const string InclusionWord = "inclusion ";
    private const string ConsistencyWord = "consistency ";

    /// <summary>The text: a line of its own for the format, for the earlier size and for each hash, then an empty line and the note.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder(Head).Append('\n').Append(CultureInfo.InvariantCulture, $"from {From}\n");
        foreach (var hash in Inclusion) text.Append(InclusionWord).Append(Convert.ToBase64String(hash)).Append('\n');
        foreach (var hash in Consistency) text.Append(ConsistencyWord).Append(Convert.ToBase64String(hash)).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append('\n').Append(Note).ToString());
    }

    /// <summary>Reads such a text; nothing is verified yet.</summary>
    /// <exception cref="MalformedDocumentException">It is none.</exception>
    public static LogProof Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaximumLength) throw new MalformedDocumentException($"the log's proof is longer than {MaximumLength} bytes");
        var text = Encoding.UTF8.GetString(bytes);
        var gap = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = gap < 0 ? [] : text[..gap].Split('\n');
        if (lines is not [Head, ['f', 'r', 'o', 'm', ' ', .. var size], .. var hashes]
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var from)) throw new MalformedDocumentException("the log's proof has another form");
        var inclusion = hashes.TakeWhile(line => line.StartsWith(InclusionWord, StringComparison.Ordinal)).Select(line => Hash(line[InclusionWord.Length..])).ToArray();
        var consistency = hashes.Skip(inclusion.Length).Select(line => line.StartsWith(ConsistencyWord, StringComparison.Ordinal)
            ? Hash(line[ConsistencyWord.Length..]) : throw new MalformedDocumentException("the log's proof has another form")).ToArray();
        return inclusion.Length <= TreeProof.MostHashes && consistency.Length <= TreeProof.MostHashes
            ? new LogProof(from, inclusion, consistency, text[(gap + 2)..])
            : throw new MalformedDocumentException("the log's proof has too many hashes");
    }

    /// <summary>What the log was when a leaf was its last, where everything verifies.</summary>
    /// <param name="leaf">The leaf that must be there.</param>
    /// <param name="known">Size and root of the log as it was known before, or null.</param>
    /// <param name="origin">Which log.</param>
    /// <param name="key">Whose signature the checkpoint must bear.</param>
    /// <exception cref="RefusedException">It does not verify; the message says in what.</exception>
    public Checkpoint Open(LogLeaf leaf, Checkpoint? known, string origin, VerificationKey key)
    {
        Checkpoint checkpoint;
        try
        {
            checkpoint = Checkpoint.Open(Encoding.UTF8.GetBytes(Note), origin, key);
        }
        catch (MalformedDocumentException problem)
        {
            throw new RefusedException(RefusalReason.Log, problem.Message, problem);
        }
        if (known is not null)
        {
            if (checkpoint.Size < known.Size)
                throw new RefusedException(RefusalReason.Log, $"the log has {checkpoint.Size} leaves, but {known.Size} were signed before");
            if (!TreeProof.IsConsistent(known.Size, known.Root, checkpoint.Size, checkpoint.Root, Consistency))
                throw new RefusedException(RefusalReason.Log, $"the log of {checkpoint.Size} leaves does not go on from the one of {known.Size} that was signed before");
        }
        if (!TreeProof.Includes(MerkleTree.LeafHash(leaf.ToBytes()), checkpoint.Size - 1, checkpoint.Size, checkpoint.Root, Inclusion))
            throw new RefusedException(RefusalReason.Log, $"targets {leaf.TargetsVersion} is not what the log has as leaf {checkpoint.Size - 1}");
        return checkpoint;
    }

    private static byte[] Hash(string text) => Base64Text.TryReadHash(text) ?? throw new MalformedDocumentException("the log's proof has a hash that is none");
}
