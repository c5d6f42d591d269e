using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using Xunit;

namespace BlockList.Format.Tests.Lists;

public sealed class ListFileTests
{
    [Fact]
    public void Entries_are_sorted_by_byte_and_stand_once()
    {
        var list = GeneratedLists.Of("b.example", "=b.example", "a.example", "a-b.example", "a0.example", "0.example", "aa.example", "a.example", "=a.example");

        // The characters in their order: - . 0 = a.
        Assert.Equal(["0.example", "=a.example", "=b.example", "a-b.example", "a.example", "a0.example", "aa.example", "b.example"], list.Lines);
        Assert.Equal(8, list.Count);
        Assert.Equal("0.example\n=a.example\n=b.example\na-b.example\na.example\na0.example\naa.example\nb.example\n", Encoding.ASCII.GetString(list.ToBytes()));
    }

    [Fact]
    public void A_file_is_read_as_it_was_written()
    {
        var list = GeneratedLists.Of("bad.example", "=www.bad.example", "xn--bcher-kva.example");

        var read = ListFile.Parse(list.ToBytes());

        Assert.Equal(list.Lines, read.Lines);
        Assert.Equal([Scope.Host, Scope.Domain, Scope.Domain], read.Entries().Select(e => e.Scope));
        Assert.Equal(list.Lines, ListFile.Of(read.Entries()).Lines);
    }

    [Fact]
    public void The_empty_list_is_the_empty_file()
    {
        Assert.Empty(ListFile.Empty.ToBytes());
        Assert.Equal(0, ListFile.Parse([]).Count);
        Assert.Empty(ListFile.Of([]).Lines);
        Assert.Empty(ListFile.Empty.Entries());
    }

    [Fact]
    public void A_list_contains_exactly_its_lines()
    {
        var list = GeneratedLists.Of("bad.example", "=www.bad.example");
        Assert.True(list.Contains("bad.example"));
        Assert.True(list.Contains("=www.bad.example"));
        Assert.False(list.Contains("www.bad.example"));
        Assert.False(list.Contains("=bad.example"));
        Assert.False(list.Contains("BAD.example"));
        Assert.False(list.Contains(""));
        Assert.False(ListFile.Empty.Contains("bad.example"));
    }

    [Theory]
    [InlineData("a.example", "the list does not end with a line end; it may be cut off")]
    [InlineData("a.example\nb.exam", "the list does not end with a line end; it may be cut off")]
    [InlineData("a.example\nb.example\r", "the list does not end with a line end; it may be cut off")]
    [InlineData("\n", "line 1 of the list is no list entry")]
    [InlineData("a.example\n\n", "line 2 of the list is no list entry")]
    [InlineData("\na.example\n", "line 1 of the list is no list entry")]
    [InlineData("a.example\r\n", "line 1 of the list is no list entry")]
    [InlineData("\ufeffa.example\n", "line 1 of the list is no list entry")]
    [InlineData("a.example \n", "line 1 of the list is no list entry")]
    [InlineData(" a.example\n", "line 1 of the list is no list entry")]
    [InlineData("a.example\t\n", "line 1 of the list is no list entry")]
    [InlineData("a.example\0\n", "line 1 of the list is no list entry")]
    [InlineData("# comment\n", "line 1 of the list is no list entry")]
    [InlineData("A.example\n", "line 1 of the list is no list entry")]
    [InlineData("bücher.example\n", "line 1 of the list is no list entry")]
    [InlineData("*.example\n", "line 1 of the list is no list entry")]
    [InlineData("*.a.example\n", "line 1 of the list is no list entry")]
    [InlineData("a.example.\n", "line 1 of the list is no list entry")]
    [InlineData(".a.example\n", "line 1 of the list is no list entry")]
    [InlineData("a..example\n", "line 1 of the list is no list entry")]
    [InlineData("example\n", "line 1 of the list is no list entry")]
    [InlineData("=\n", "line 1 of the list is no list entry")]
    [InlineData("==a.example\n", "line 1 of the list is no list entry")]
    [InlineData("+a.example\n", "line 1 of the list is no list entry")]
    [InlineData("192.0.2.1\n", "line 1 of the list is no list entry")]
    [InlineData("https://a.example\n", "line 1 of the list is no list entry")]
    [InlineData("a_b.example\n", "line 1 of the list is no list entry")]
    [InlineData("xn--a.example\n", "line 1 of the list is no list entry")]
    [InlineData("ab--c.example\n", "line 1 of the list is no list entry")]
    [InlineData("b.example\na.example\n", "line 2 of the list is not in order, or stands twice")]
    [InlineData("a.example\na.example\n", "line 2 of the list is not in order, or stands twice")]
    [InlineData("a.example\n=a.example\n", "line 2 of the list is not in order, or stands twice")]
    [InlineData("a.example\na-b.example\n", "line 2 of the list is not in order, or stands twice")]
    [InlineData("a.example\nb.example\nab.example\n", "line 3 of the list is not in order, or stands twice")]
    public void One_wrong_line_refuses_the_whole_file(string file, string problem) => Refused(problem, Encoding.UTF8.GetBytes(file));

    [Fact]
    public void Bytes_outside_ASCII_are_refused_wherever_they_stand()
    {
        for (var at = 0; at < 9; at++)
        {
            var file = "a.example\n"u8.ToArray();
            file[at] |= 0x80;
            Refused("line 1 of the list is no list entry", file);
        }
        Refused("the list does not end with a line end; it may be cut off", [.. "a.example"u8, 0x8a]);
    }

    [Fact]
    public void The_longest_name_fits_and_one_more_character_does_not()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('a', NameLimits.Listable - (3 * 64) - 8)}.example";
        Assert.Equal(NameLimits.Listable, longest.Length);

        Assert.Equal(["=" + longest, longest], ListFile.Parse(Encoding.ASCII.GetBytes($"={longest}\n{longest}\n")).Lines);

        Refused("line 1 of the list is no list entry", Encoding.ASCII.GetBytes($"a{longest}\n"));
        Refused("line 1 of the list is no list entry", Encoding.ASCII.GetBytes($"=a{longest}\n"));
    }

    [Theory]
    [InlineData(235)]
    [InlineData(236)]
    [InlineData(300)]
    [InlineData(100_000)]
    public void A_line_longer_than_any_name_is_refused(int length)
    {
        Refused("line 1 of the list is no list entry", [.. Enumerable.Repeat((byte)'a', length - 8), .. ".example\n"u8]);
        Refused("line 1 of the list is no list entry", [.. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a.", length / 2))), .. "example\n"u8]);
    }

    [Fact]
    public void Nothing_of_a_file_cut_anywhere_but_behind_a_line_is_taken()
    {
        var file = GeneratedLists.Of("a.example", "=b.example", "c.example").ToBytes();
        for (var cut = 1; cut < file.Length; cut++)
        {
            if (file[cut - 1] == '\n') Assert.Equal(file[..cut].Count(b => b == '\n'), ListFile.Parse(file.AsSpan(0, cut)).Count);
            else Refused("the list does not end with a line end; it may be cut off", file[..cut]);
        }
    }

    private static void Refused(string problem, byte[] file) =>
        Assert.Equal(problem, Assert.Throws<MalformedDocumentException>(() => ListFile.Parse(file)).Message);
}
