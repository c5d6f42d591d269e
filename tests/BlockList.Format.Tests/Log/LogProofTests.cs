using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Log;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Log;

public sealed class LogProofTests
{
    private static readonly SigningKey Key = new();
    private static readonly string Origin = Checkpoint.OriginOf("test", "worst-of");

    [Fact]
    public void A_leaf_is_five_lines()
    {
        Assert.Equal($"blocklist-log/1\nlist worst-of\nversion 123\ntargets-version 140\ntargets {new string('a', 64)}\n", Encoding.ASCII.GetString(Leaf(140).ToBytes()));
        Assert.Equal(Leaf(140), LogLeaf.Parse(Leaf(140).ToBytes()));
    }

    [Theory]
    [InlineData("log/1", "log/2")]
    [InlineData("list worst-of", "list worst of")]
    [InlineData("version 123", "version 0123")]
    [InlineData("version 123", "version 0")]
    [InlineData("version 123", "version 2147483648")]
    [InlineData("version 123", "version ١٢٣")]
    [InlineData("targets-version 140", "targets-version 9999999999")]
    [InlineData("aaaa\n", "AAAA\n")]
    [InlineData("aaaa\n", "aaa\n")]
    [InlineData("aaaa\n", "aaaa")]
    [InlineData("aaaa\n", "aaaa\n\n")]
    [InlineData("list worst-of\n", "")]
    public void Another_leaf_is_refused(string what, string by)
    {
        var text = Leaf(140).ToString();
        Assert.Contains(what, text, StringComparison.Ordinal);
        Assert.Throws<MalformedDocumentException>(() => LogLeaf.Parse(Encoding.UTF8.GetBytes(text.Replace(what, by, StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_step_of_a_log_is_taken()
    {
        var log = new GrowingLog();
        var points = new List<Checkpoint>();
        for (var i = 1; i <= 40; i++)
        {
            log.Append(Leaf(i).ToBytes());
            var newest = Read(Proof(log, 0)).Open(Leaf(i), null, Origin, Key.Public);
            Assert.Equal(new Checkpoint(Origin, i, log.Root), newest);
            foreach (var known in points) Assert.Equal(newest, Read(Proof(log, known.Size)).Open(Leaf(i), known, Origin, Key.Public));
            Assert.Equal(newest, Read(Proof(log, i)).Open(Leaf(i), newest, Origin, Key.Public));
            points.Add(newest);
        }
    }

    [Fact]
    public void What_a_log_did_not_sign_show_or_go_on_from_is_refused()
    {
        var (log, fork) = (Of(9), Of(8));
        fork.Append(Leaf(99).ToBytes());
        var known = new Checkpoint(Origin, 6, Of(6).Root);
        var good = Proof(log, 6);

        Refused("signature", good with { Note = log.Note(Origin, new SigningKey()) }, Leaf(9), known);
        Refused("signature", good with { Note = log.Note("blocklist/test/another", Key) }, Leaf(9), known);
        Refused("signature", good with { Note = good.Note.Replace("\n9\n", "\n8\n", StringComparison.Ordinal) }, Leaf(9), known);
        Refused("no signature", good with { Note = good.Note.Split("\n\n")[0] + "\n" }, Leaf(9), known);
        Refused("is not what the log has as leaf 8", good, Leaf(8), known);
        Refused("is not what the log has as leaf 8", good, Leaf(9) with { TargetsSha256 = new string('b', 64) }, known);
        Refused("is not what the log has as leaf 8", good, Leaf(9) with { Version = Serial.Create(124) }, known);
        Refused("is not what the log has as leaf 8", good with { Inclusion = [] }, Leaf(9), known);
        Refused("does not go on", good with { Consistency = [] }, Leaf(9), known);
        Refused("does not go on", good with { Consistency = [.. good.Consistency.Skip(1)] }, Leaf(9), known);
        // A fork before what is known, one of the same size, and a log that lost leaves.
        Refused("does not go on", good, Leaf(9), known with { Root = fork.Root });
        Refused("does not go on", Proof(log, 9), Leaf(9), new Checkpoint(Origin, 9, fork.Root));
        Refused("the log has 9 leaves, but 10 were signed before", Proof(log, 9), Leaf(9), new Checkpoint(Origin, 10, Of(10).Root));
    }

    [Fact]
    public void A_proof_reads_as_it_was_written()
    {
        var proof = Proof(Of(7), 3);
        var text = Encoding.UTF8.GetString(proof.ToBytes());
        var read = Read(proof);

        Assert.Equal((3, proof.Note), (read.From, read.Note));
        Assert.Equal(proof.Inclusion, read.Inclusion);
        Assert.Equal(proof.Consistency, read.Consistency);
        Assert.Equal(proof.ToBytes(), read.ToBytes());
        foreach (var other in (string[])["", "\n\n", text[1..], text.Replace("proof/1", "proof/2", StringComparison.Ordinal), text.Replace("from 3", "from -3", StringComparison.Ordinal),
            text.Replace("from 3\n", "", StringComparison.Ordinal), text.Replace("inclusion ", "inclusion", StringComparison.Ordinal), text.Replace("inclusion ", "other ", StringComparison.Ordinal),
            text.Replace("consistency ", "consistency !", StringComparison.Ordinal), text.Replace("from 3\n", $"from 3\nconsistency {Convert.ToBase64String(new byte[32])}\n", StringComparison.Ordinal),
            text.Replace("from 3\n", "from 3\n" + string.Concat(Enumerable.Repeat($"inclusion {Convert.ToBase64String(new byte[32])}\n", 65)), StringComparison.Ordinal), text + new string('x', LogProof.MaximumLength)])
            Assert.Throws<MalformedDocumentException>(() => LogProof.Parse(Encoding.UTF8.GetBytes(other)));
    }

    private static LogLeaf Leaf(int targets) => new("worst-of", Serial.Create(123), targets, new string('a', 64));

    private static GrowingLog Of(int leaves)
    {
        var log = new GrowingLog();
        for (var i = 1; i <= leaves; i++) log.Append(Leaf(i).ToBytes());
        return log;
    }

    private static LogProof Proof(GrowingLog log, long from) =>
        new(from, log.Tree.InclusionOf(log.Leaves.Count - 1, log.Leaves.Count), log.Tree.Consistency(Math.Min(from, log.Leaves.Count), log.Leaves.Count), log.Note(Origin, Key));

    private static LogProof Read(LogProof proof) => LogProof.Parse(proof.ToBytes());

    private static void Refused(string because, LogProof proof, LogLeaf leaf, Checkpoint known)
    {
        var refused = Assert.Throws<RefusedException>(() => Read(proof).Open(leaf, known, Origin, Key.Public));
        Assert.Equal(RefusalReason.Log, refused.Reason);
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }
}
