using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tests.Names;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Lists;

/// <summary>The order that people check with tools of their system.</summary>
public sealed class ListFileOrderTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true).WithReplay(20_260_105, 7);

    private readonly string sort = Prerequisite.Program("sort", "coreutils");

    [Fact]
    public void Sort_u_puts_generated_lines_in_the_same_order()
    {
        var lines = Generated();
        var unsorted = Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));

        var (exit, theirs, _) = RunProgram.Run(sort, ["-u"], unsorted, ("LC_ALL", "C"));

        Assert.Equal(0, exit);
        Assert.Equal(theirs, GeneratedLists.Of(lines).ToBytes());
        Assert.InRange(ListFile.Parse(theirs).Count, 2_000, lines.Length - 1);
    }

    [Fact]
    public void Values_are_brought_in_the_order_of_their_lines()
    {
        // Many of them begin with the same eight letters, and some are shorter than that.
        var values = Generated().Concat(["aa.b", "=aa.b", "aaaaaaaa.b", "aaaaaaaa.a", "aaaaaaa.b", "aaaaaaaaa.b", "=aaaaaaa.b"]).Distinct(StringComparer.Ordinal)
            .Select((line, number) => (Line: line, Entry: SampleEntry(line), Number: number)).ToArray();

        var list = ListFile.Sort(values, value => value.Entry);

        Assert.Equal(values.Select(value => value.Line).Order(StringComparer.Ordinal), list.Lines);
        Assert.Equal(list.Lines, values.Select(value => value.Line));
        Assert.Equal(Enumerable.Range(0, list.Count), list.Lines.Select(list.IndexOf));
        Assert.Equal(-1, list.IndexOf("absent.example"));
        Assert.Equal(-1, list.IndexOf(""));
        Assert.Same(ListFile.Empty, ListFile.Sort(Array.Empty<ListedName>(), entry => entry));
    }

    private static ListedName SampleEntry(string line) => ListedName.TryParse(line, out var entry) ? entry : throw new ArgumentException(line);

    [Fact]
    public void Sort_c_finds_a_list_in_order()
    {
        var file = GeneratedLists.Of(Generated()).ToBytes();
        Assert.Equal(0, RunProgram.Run(sort, ["-c", "-u"], file, ("LC_ALL", "C")).ExitCode);
        // What the file says does not hang on the locale of whoever made it; what sort says does.
        Assert.NotEqual(0, RunProgram.Run(sort, ["-c", "-u"], "a.example\n=a.example\n"u8, ("LC_ALL", "C")).ExitCode);
    }

    [Fact]
    public void A_list_is_read_as_it_was_written() =>
        Prop.ForAll(GeneratedLists.List.ToArbitrary(), list => ListFile.Parse(list.ToBytes()).Lines.SequenceEqual(list.Lines)).Check(Runs);

    [Fact]
    public void What_is_read_is_written_again_byte_by_byte()
    {
        var lines = GeneratedLists.Line.ListOf().Resize(6).Select(some => Encoding.ASCII.GetBytes(string.Concat(some.Order(StringComparer.Ordinal).Select(line => line + "\n"))));
        var read = 0;
        Prop.ForAll(lines.Zip(Gen.Choose(0, 200)).Zip(Gen.Choose(0, 127)).ToArbitrary(), changed =>
        {
            var ((file, at), value) = changed;
            if (file.Length > 0) file[at % file.Length] = (byte)value;
            try
            {
                var same = ListFile.Parse(file).ToBytes().AsSpan().SequenceEqual(file);
                read++;
                return same;
            }
            catch (MalformedDocumentException)
            {
                return true;
            }
        }).Check(Runs.WithMaxTest(2_000));
        Assert.InRange(read, 100, 1_900);
    }

    private static string[] Generated()
    {
        var marks = 0;
        return [.. new GeneratedNames(2027).Take(6_000).Select(text => DomainName.TryParse(text, out var name, out _) ? name.Ascii : null).OfType<string>()
            .SelectMany(name => marks++ % 3 == 0 ? new[] { name, "=" + name } : [name]), "a.example", "a.example"];
    }
}
