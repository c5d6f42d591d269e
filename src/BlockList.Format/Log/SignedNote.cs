using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Log;

/// <summary>A text with signature lines below it (C2SP signed-note). Of the kinds of signature there, this format has one: ECDSA on
/// P-256 with SHA-256 in DER, kind 2, whose key id is the beginning of the SHA-256 of the key's SubjectPublicKeyInfo.</summary>
public sealed class SignedNote
{
    /// <summary>Longest note that is read, in bytes: room for more signatures than anyone has, of witnesses to come.</summary>
    public const int MaximumLength = 4096;

    private const string Dash = "— ";
    private const int KeyIdLength = 4;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IReadOnlyList<(string Name, byte[] Value)> signatures;

    private SignedNote(string text, IReadOnlyList<(string Name, byte[] Value)> signatures)
    {
        Text = text;
        this.signatures = signatures;
    }

    /// <summary>What is signed, its last line feed included.</summary>
    public string Text { get; }

    /// <summary>The bytes that a signature covers.</summary>
    public static byte[] SignedBytes(string text) => Strict.GetBytes(text);

    /// <summary>A note with one signature.</summary>
    /// <param name="text">Lines, each with a line feed; none of them empty.</param>
    /// <param name="name">The key's name in the signature line, without spaces and plus signs.</param>
    /// <param name="key">The key.</param>
    /// <param name="signature">Its signature (DER) over <see cref="SignedBytes"/>.</param>
    public static string Compose(string text, string name, VerificationKey key, ReadOnlySpan<byte> signature) =>
        $"{text}\n{Dash}{name} {Convert.ToBase64String([.. key.NoteKeyId(), .. signature])}\n";

    /// <summary>Reads a note; nothing is verified yet.</summary>
    /// <exception cref="MalformedDocumentException">It is none, or longer than <see cref="MaximumLength"/>.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaximumLength) throw new MalformedDocumentException($"the note is longer than {MaximumLength} bytes");
        string note;
        try
        {
            note = Strict.GetString(bytes);
        }
        catch (ArgumentException problem)
        {
            throw new MalformedDocumentException("the note is not UTF-8", problem);
        }
        if (note.Any(c => c < ' ' && c != '\n')) throw new MalformedDocumentException("the note has a control character");
        var gap = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (gap < 0 || !note.EndsWith('\n') || gap + 2 == note.Length) throw new MalformedDocumentException("the note has no signature");
        return new SignedNote(note[..(gap + 1)], [.. note[(gap + 2)..^1].Split('\n').Select(ReadLine)]);
    }

    /// <summary>Whether a key signed it. Signatures of others are no concern; one that names this key and is wrong is.</summary>
    /// <param name="name">The key's name.</param>
    /// <param name="key">The key.</param>
    public bool IsSignedBy(string name, VerificationKey key)
    {
        var id = key.NoteKeyId();
        if (id.Length == 0) return false;
        var named = signatures.Where(s => s.Name == name && s.Value.AsSpan(0, KeyIdLength).SequenceEqual(id)).ToArray();
        var signed = SignedBytes(Text);
        return named.Length > 0 && named.All(s => key.Verify(signed, s.Value.AsSpan(KeyIdLength)));
    }

    private static (string, byte[]) ReadLine(string line)
    {
        if (line.StartsWith(Dash, StringComparison.Ordinal) && line[Dash.Length..].Split(' ') is [{ Length: > 0 } name, var base64] && !name.Contains('+', StringComparison.Ordinal)
            && Base64Text.TryRead(base64) is { Length: > KeyIdLength } value) return (name, value);
        throw new MalformedDocumentException("a signature line of the note has another form");
    }
}
