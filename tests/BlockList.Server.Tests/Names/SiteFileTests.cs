using System.Text;
using BlockList.Server.Names.Register;
using Xunit;

namespace BlockList.Server.Tests.Names;

public class SiteFileTests
{
    [Theory]
    [InlineData("1,a.example\n2,b.example\n", 2, 0)]
    [InlineData("1,a.example\r\n2,b.example", 2, 0)]
    [InlineData("\uFEFFrank,domain\n1,a.example\n\n2,b.example\n", 2, 0)]
    public void A_list_as_it_is_published_is_read(string text, int rows, int leftOut)
    {
        var file = Read(text, out var table);
        Assert.Null(file.Problem);
        Assert.Equal((rows, leftOut), (file.Rows, file.LeftOut));
        var found = table.Find("b.example");
        Assert.Equal((RegisterSources.TopSites, 2), (found.At, table.RowAt(found.Row).Rank));
    }

    [Theory]
    [InlineData("41,A.example", "lower-case")]
    [InlineData("41,bad_name.example", "no name")]
    [InlineData("41,bücher.example", "not in ASCII")]
    [InlineData("41,com", "no name")]
    [InlineData("41,a.example.", "no name")]
    [InlineData("0,x.example", "rank")]
    [InlineData("-1,x.example", "rank")]
    [InlineData("999999999999,x.example", "rank")]
    [InlineData("x.example", "rank")]
    [InlineData("41,n1.example", "earlier line")]
    [InlineData("41,a.b.c.d.e.f.g.h.example", "8 labels")]
    public void An_odd_line_is_left_out_and_named(string line, string reason)
    {
        var text = string.Concat(Enumerable.Range(1, 40).Select(i => $"{i},n{i}.example\n")) + line + "\n";
        var file = Read(text, out var table);
        Assert.Null(file.Problem);
        Assert.Equal((40, 1), (file.Rows, file.LeftOut));
        var odd = Assert.Single(file.Samples);
        Assert.Equal((41, line), (odd.Line, odd.Text));
        Assert.Contains(reason, odd.Reason, StringComparison.Ordinal);
        Assert.Equal(40, table.Count);
        Assert.Equal(1, table.RowAt(table.Find("n1.example").Row).Rank);
    }

    [Theory]
    [InlineData("", "no-sites")]
    [InlineData("<html><body>503</body></html>", "no-sites")]
    [InlineData("rank,domain\n", "no-sites")]
    [InlineData("1,a.example\nx\n", "odd-file")]
    public void Another_file_is_refused_with_what_to_do(string text, string code)
    {
        var problem = Read(text, out _).Problem;
        Assert.Equal(code, problem?.Code);
        Assert.NotEmpty(problem!.Fix);
    }

    private static SiteFile Read(string text, out NameTable table)
    {
        var builder = new NameTable.Builder();
        var file = SiteFile.Read(Encoding.UTF8.GetBytes(text), builder, 0);
        table = builder.Build();
        return file;
    }
}
