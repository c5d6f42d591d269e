using System.Globalization;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Log;

/// <summary>What a log was at one size (C2SP tlog-checkpoint): a signed note of three lines. Two checkpoints of one log with one size and
/// different roots are proof, in the log's own writing, that it told two stories.</summary>
/// <param name="Origin">Which log; see <see cref="OriginOf"/>.</param>
/// <param name="Size">How many leaves it had.</param>
/// <param name="Root">The root over them, 32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The name of a list's log, and of the key that signs its checkpoints.</summary>
    public static string OriginOf(string deployment, string list) => $"blocklist/{deployment}/{list}";

    /// <summary>The root in hexadecimal, as receipts have it.</summary>
    public string RootSha256 => Convert.ToHexStringLower(Root);

    /// <summary>The text that is signed.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads a checkpoint that a log's key signed. Lines that follow the third are covered by the signature and mean nothing here.</summary>
    /// <param name="note">The signed note.</param>
    /// <param name="origin">Which log it must be of.</param>
    /// <param name="key">Whose signature it must bear.</param>
    /// <exception cref="MalformedDocumentException">It is no checkpoint of this log that the key signed; the message says what is wrong.</exception>
    public static Checkpoint Open(ReadOnlySpan<byte> note, string origin, VerificationKey key)
    {
        var signed = SignedNote.Parse(note);
        // Before anything of the text is looked at: it is a stranger's until then.
        if (!signed.IsSignedBy(origin, key)) throw new MalformedDocumentException("the log's checkpoint does not bear the signature of the log's key");
        var lines = signed.Text[..^1].Split('\n');
        if (lines.Length < 3 || lines.Contains("") || lines[0] != origin) throw new MalformedDocumentException("the checkpoint is of another log");
        return long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= TreeNode.LargestSize
            && size.ToString(CultureInfo.InvariantCulture) == lines[1] && Base64Text.TryReadHash(lines[2]) is { } root
            ? new Checkpoint(origin, size, root)
            : throw new MalformedDocumentException("the checkpoint names no size and root");
    }

    /// <summary>Whether both say the same of the same log.</summary>
    public bool Equals(Checkpoint? other) => other is not null && Origin == other.Origin && Size == other.Size && Root.AsSpan().SequenceEqual(other.Root);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Origin, Size);
}
