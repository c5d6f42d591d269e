using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Log;
using BlockList.Format.Signatures;
using BlockList.Format.Tests.Fixtures;
using Xunit;

namespace BlockList.Format.Tests.Log;

public sealed class CheckpointTests
{
    private static readonly SigningKey Key = new();
    private static readonly string Origin = Checkpoint.OriginOf("test", "worst-of");
    private static readonly GrowingLog Log = GrowingLog.Of(5);

    [Fact]
    public void A_checkpoint_is_three_lines_and_a_signature()
    {
        var lines = Note().Split('\n');

        Assert.Equal(["blocklist/test/worst-of", "5", Convert.ToBase64String(Log.Root), ""], lines[..4]);
        Assert.Equal("", lines[^1]);
        Assert.StartsWith("— blocklist/test/worst-of ", lines[4], StringComparison.Ordinal);
        // Four bytes of the hash of the key's SubjectPublicKeyInfo, then the signature in DER.
        var signature = Convert.FromBase64String(lines[4].Split(' ')[2]);
        using var key = ECDsa.Create();
        key.ImportFromPem(Key.PublicPem);
        Assert.Equal(SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..4], signature[..4]);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(string.Join('\n', lines[..3]) + "\n"), signature[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public void What_the_key_signed_is_taken()
    {
        var read = Open(Note());
        Assert.Equal(new Checkpoint(Origin, 5, Log.Root), read);
        Assert.Equal(Convert.ToHexStringLower(Log.Root), read.RootSha256);
    }

    [Fact]
    public void Signatures_of_others_and_lines_of_later_are_passed_over()
    {
        var other = new SigningKey();
        Assert.Equal(5, Open(Note() + Line("witness.example/w1", other)).Size);
        Assert.Equal(5, Open(Note() + Line(Origin, other)).Size);
        Assert.Equal(5, Open(Note() + "— witness.example/w2 AAAAAAAAAAAAAA==\n").Size);
        Assert.Equal(5, Open(Signed(Log.Note(Origin, Key).Split("\n\n")[0] + "\nmore\n")).Size);
    }

    [Fact]
    public void Nothing_else_is_taken()
    {
        var other = new SigningKey();
        Refused("bear the signature", Log.Note(Origin, other));
        Refused("bear the signature", Note().Replace("\n5\n", "\n6\n", StringComparison.Ordinal));
        Refused("bear the signature", Note().Replace("blocklist/test/worst-of", "blocklist/test/another", StringComparison.Ordinal));
        // The key's own line once right and once wrong: whoever wrote that is not to be believed.
        Refused("bear the signature", Note() + Line(Origin, Key, "another text\n"));
        Refused("bear the signature", Note().Split("\n\n")[0] + "\n\n" + Line("witness.example/w1", Key));
        Refused("of another log", Signed("blocklist/test/another\n5\n" + Convert.ToBase64String(Log.Root) + "\n"));
        Refused("of another log", Signed($"{Origin}\n5\n"));
        foreach (var size in (string[])["-1", "05", "+5", " 5", "5 ", "", "five", "9223372036854775807", "99999999999999999999", "٥"])
            Refused(size.Length == 0 ? "of another log" : "no size and root", Signed($"{Origin}\n{size}\n{Convert.ToBase64String(Log.Root)}\n"));
        foreach (var root in (string[])["x", "AAAA", Convert.ToBase64String(Log.Root) + "=", Convert.ToBase64String(Log.Root).TrimEnd('='), Convert.ToBase64String([.. Log.Root, 1])])
            Refused("no size and root", Signed($"{Origin}\n5\n{root}\n"));
    }

    [Fact]
    public void What_is_no_note_is_refused()
    {
        var note = Note();
        foreach (var other in (string[])["", "\n", "\n\n", "a\n", note[..^1], note.Split("\n\n")[0] + "\n", note.Split("\n\n")[0] + "\n\n", note + "\n", note + "x\n", note.Replace("— ", "- ", StringComparison.Ordinal),
            note + "— a b c\n", note + "— a+b AAAAAAAA\n", note + "—  AAAAAAAA\n", note + "— a AAAA\n", note + "— a !!!!!!!!\n", note.Replace("\n", "\r\n", StringComparison.Ordinal), note + "\t\n",
            note + string.Concat(Enumerable.Repeat("— a AAAAAAAA\n", 400))])
            Assert.Throws<MalformedDocumentException>(() => Open(other));
        byte[] notText = [.. Encoding.UTF8.GetBytes(note[..^1]), 0xff, (byte)'\n'];
        Assert.Throws<MalformedDocumentException>(() => Checkpoint.Open(notText, Origin, Key.Public));
    }

    [Fact]
    public void A_byte_changed_anywhere_is_noticed()
    {
        var note = Encoding.UTF8.GetBytes(Note());
        for (var i = 0; i < note.Length; i++)
        {
            var changed = (byte[])note.Clone();
            changed[i] ^= 1;
            Assert.Throws<MalformedDocumentException>(() => Checkpoint.Open(changed, Origin, Key.Public));
        }
    }

    [Fact]
    public void A_key_of_a_kind_that_is_not_known_signs_nothing()
    {
        var unknown = VerificationKey.Parse(CanonicalJson.Parse("{\"keytype\":\"later\",\"keyval\":{},\"scheme\":\"later\"}"u8));
        Assert.Empty(unknown.NoteKeyId());
        Assert.Throws<MalformedDocumentException>(() => Checkpoint.Open(Encoding.UTF8.GetBytes(Note()), Origin, unknown));
    }

    private static string Note() => Log.Note(Origin, Key);

    private static string Signed(string text) => SignedNote.Compose(text, Origin, Key.Public, Key.SignBytes(SignedNote.SignedBytes(text)));

    private static string Line(string name, SigningKey key, string? text = null) =>
        $"— {name} {Convert.ToBase64String([.. key.Public.NoteKeyId(), .. key.SignBytes(SignedNote.SignedBytes(text ?? SignedNote.Parse(Encoding.UTF8.GetBytes(Note())).Text))])}\n";

    private static Checkpoint Open(string note) => Checkpoint.Open(Encoding.UTF8.GetBytes(note), Origin, Key.Public);

    private static void Refused(string because, string note) => Assert.Contains(because, Assert.Throws<MalformedDocumentException>(() => Open(note)).Message, StringComparison.Ordinal);
}
