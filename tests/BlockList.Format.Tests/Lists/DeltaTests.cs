using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using Xunit;

namespace BlockList.Format.Tests.Lists;

public sealed class DeltaTests
{
    private const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Head = $"blocklist-delta/1 from=122 to=123 from-sha256={A} to-sha256={B}\n";

    [Fact]
    public void A_step_is_printed_additions_first_and_read_again()
    {
        var (before, after) = (GeneratedLists.Of("a.example", "=b.example", "c.example"), GeneratedLists.Of("a.example", "=c.example", "d.example"));

        var delta = Delta.Between(Serial.Create(122), before, Serial.Create(123), after);

        Assert.Equal(
            $"blocklist-delta/1 from=122 to=123 from-sha256={Hashes.Sha256(before.ToBytes())} to-sha256={Hashes.Sha256(after.ToBytes())}\n+=c.example\n+d.example\n-=b.example\n-c.example\n",
            Encoding.ASCII.GetString(delta.ToBytes()));
        var read = Delta.Parse(delta.ToBytes());
        Assert.Equal((delta.From, delta.To, delta.FromSha256, delta.ToSha256), (read.From, read.To, read.FromSha256, read.ToSha256));
        Assert.Equal(delta.Added, read.Added);
        Assert.Equal(delta.Removed, read.Removed);
        Assert.Equal(after.Lines, read.ApplyTo(before).Lines);
        Assert.Equal("delta/122-123.txt", Delta.PathOf(delta.From, delta.To));
    }

    [Fact]
    public void A_step_without_a_change_is_its_head_line()
    {
        var delta = Delta.Parse(Encoding.ASCII.GetBytes(Head));
        Assert.Empty(delta.Added);
        Assert.Empty(delta.Removed);
        Assert.Equal(Head, Encoding.ASCII.GetString(delta.ToBytes()));
        Assert.Equal(["a.example"], delta.ApplyTo(GeneratedLists.Of("a.example")).Lines);
    }

    [Theory]
    [InlineData("blocklist-delta/2 from=122 to=123 from-sha256=" + A + " to-sha256=" + B)]
    [InlineData("blocklist-delta/1  from=122 to=123 from-sha256=" + A + " to-sha256=" + B)]
    [InlineData("blocklist-delta/1 from=122 to=123 from-sha256=" + A)]
    [InlineData("blocklist-delta/1 from=122 to=123 from-sha256=" + A + " to-sha256=" + B + " more=1")]
    [InlineData("blocklist-delta/1 from=122 to=123 from-sha256=" + A + " to-sha256=" + B + " ")]
    [InlineData("blocklist-delta/1 to=123 from=122 from-sha256=" + A + " to-sha256=" + B)]
    [InlineData("blocklist-delta/1 From=122 to=123 from-sha256=" + A + " to-sha256=" + B)]
    [InlineData(" blocklist-delta/1 from=122 to=123 from-sha256=" + A + " to-sha256=" + B)]
    [InlineData("+a.example")]
    [InlineData("")]
    public void Another_head_line_is_refused(string head) => Refused("the delta has not the head line of blocklist-delta/1", head + "\n");

    [Theory]
    [InlineData("122", "122")]
    [InlineData("123", "122")]
    [InlineData("122", "124")]
    [InlineData("0", "1")]
    [InlineData("-1", "0")]
    [InlineData("2147483647", "2147483648")]
    [InlineData("4294967297", "2")]
    [InlineData("0122", "123")]
    [InlineData("+122", "123")]
    [InlineData("122\t", "123")]
    [InlineData("122\0", "123\0")]
    [InlineData("1e2", "101")]
    [InlineData("", "1")]
    [InlineData("122.0", "123.0")]
    public void Another_step_than_to_the_next_version_is_refused(string from, string to) =>
        Refused("the delta does not lead from one version to the next", $"blocklist-delta/1 from={from} to={to} from-sha256={A} to-sha256={B}\n");

    [Theory]
    [InlineData("")]
    [InlineData("aa")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg")]
    public void Head_lines_need_both_hashes(string hash)
    {
        Refused("the delta's head line has no hashes", $"blocklist-delta/1 from=1 to=2 from-sha256={hash} to-sha256={B}\n");
        Refused("the delta's head line has no hashes", $"blocklist-delta/1 from=1 to=2 from-sha256={A} to-sha256={hash}\n");
    }

    [Theory]
    [InlineData("a.example\n", "line 2 of the delta is no change")]
    [InlineData("+\n", "line 2 of the delta is no change")]
    [InlineData("-\n", "line 2 of the delta is no change")]
    [InlineData("\n", "line 2 of the delta is no change")]
    [InlineData("++a.example\n", "line 2 of the delta is no change")]
    [InlineData("+ a.example\n", "line 2 of the delta is no change")]
    [InlineData("+A.example\n", "line 2 of the delta is no change")]
    [InlineData("+*.example\n", "line 2 of the delta is no change")]
    [InlineData("+a.example\r\n", "line 2 of the delta is no change")]
    [InlineData("+a.example\n\n", "line 3 of the delta is no change")]
    [InlineData("+a.example\n# end\n", "line 3 of the delta is no change")]
    [InlineData("+a.example\n+a.example\n", "line 3 of the delta is not in order, or stands twice")]
    [InlineData("+b.example\n+a.example\n", "line 3 of the delta is not in order, or stands twice")]
    [InlineData("+a.example\n+=a.example\n", "line 3 of the delta is not in order, or stands twice")]
    [InlineData("-a.example\n+b.example\n", "line 3 of the delta is not in order, or stands twice")]
    [InlineData("-b.example\n-a.example\n", "line 3 of the delta is not in order, or stands twice")]
    [InlineData(Head, "line 2 of the delta is no change")]
    public void One_wrong_line_refuses_the_whole_file(string changes, string problem) => Refused(problem, Head + changes);

    [Fact]
    public void What_is_no_text_of_whole_lines_is_refused()
    {
        const string Problem = "the delta is no text of whole lines";
        Refused(Problem, "");
        Refused(Problem, Head[..^1]);
        Refused(Problem, Head + "+a.example");
        Refused(Problem, Head + "+ä.example\n");
        Refused("the delta has not the head line of blocklist-delta/1", "\n" + Head);
        Assert.Equal(Problem, Assert.Throws<MalformedDocumentException>(() => Delta.Parse([0xef, 0xbb, 0xbf, .. Encoding.ASCII.GetBytes(Head)])).Message);
        var longLine = $"+{new string('a', 300)}.example\n";
        Refused("line 2 of the delta is no change", Head + longLine);
    }

    [Theory]
    [InlineData("+a.example\n", "the delta adds an entry that is present")]
    [InlineData("+c.example\n", "the delta adds an entry that is present")]
    [InlineData("+=b.example\n", "the delta adds an entry that is present")]
    [InlineData("-b.example\n", "the delta removes an entry that is absent")]
    [InlineData("-0.example\n", "the delta removes an entry that is absent")]
    [InlineData("-z.example\n", "the delta removes an entry that is absent")]
    [InlineData("-=a.example\n", "the delta removes an entry that is absent")]
    [InlineData("-a.example\n-z.example\n", "the delta removes an entry that is absent")]
    [InlineData("-0.example\n-a.example\n", "the delta removes an entry that is absent")]
    // The counts fit: three entries and two more, two fewer.
    [InlineData("+d.example\n+e.example\n-f.example\n-g.example\n", "the delta removes an entry that is absent")]
    [InlineData("+d.example\n-d.example\n", "the delta removes an entry that is absent")]
    [InlineData("+a.example\n-a.example\n", "the delta adds an entry that is present")]
    [InlineData("+a.example\n-b.example\n", "the delta adds an entry that is present")]
    [InlineData("+0.example\n-b.example\n-c.example\n", "the delta removes an entry that is absent")]
    // More removals than entries.
    [InlineData("-a.example\n-b.example\n-c.example\n-d.example\n-e.example\n", "the delta removes an entry that is absent")]
    public void A_step_of_another_list_is_refused(string changes, string problem)
    {
        var list = GeneratedLists.Of("a.example", "=b.example", "c.example");
        var delta = Delta.Parse(Encoding.ASCII.GetBytes(Head + changes));
        Assert.Equal(problem, Assert.Throws<MalformedDocumentException>(() => delta.ApplyTo(list)).Message);
    }

    [Fact]
    public void Nothing_is_removed_from_the_empty_list()
    {
        var delta = Delta.Parse(Encoding.ASCII.GetBytes(Head + "-a.example\n-b.example\n"));
        Assert.Throws<MalformedDocumentException>(() => delta.ApplyTo(ListFile.Empty));
    }

    private static void Refused(string problem, string file) =>
        Assert.Equal(problem, Assert.Throws<MalformedDocumentException>(() => Delta.Parse(Encoding.UTF8.GetBytes(file))).Message);
}
