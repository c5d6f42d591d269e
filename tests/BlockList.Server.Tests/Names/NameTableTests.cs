using BlockList.Server.Names.Register;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Server.Tests.Names;

public class NameTableTests
{
    private static readonly Gen<string> Names = Gen.Elements("a", "b", "ab", "xn--a", "1").NonEmptyListOf().Where(labels => labels.Count is > 1 and < 6).Select(labels => string.Join('.', labels));

    private static readonly Gen<(string Name, RegisterSource Source, int Rank)> Rows =
        from name in Names from source in Gen.Elements(Enum.GetValues<RegisterSource>()) from rank in Gen.Choose(1, 9) select (name, source, rank);

    [Fact]
    public void It_answers_as_a_walk_over_all_rows_does() =>
        Prop.ForAll(Rows.ListOf().ToArbitrary(), Names.ToArbitrary(), (rows, asked) =>
        {
            var builder = new NameTable.Builder();
            foreach (var (name, source, rank) in rows) builder.Add(name, source, rank, rank * 10);
            var table = builder.Build();
            var at = rows.Where(r => r.Name == asked).ToArray();
            var below = rows.Where(r => r.Name.EndsWith("." + asked, StringComparison.Ordinal)).ToArray();
            var found = table.Find(asked);
            Assert.Equal(Flags(at), found.At);
            Assert.Equal(Flags(below), found.Below);
            Assert.Equal(below.Length, found.CountBelow);
            AssertGravest(table, at, found.Row);
            AssertGravest(table, below, found.RowBelow);
            Assert.Equal(rows.Count, table.Count);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true));

    [Fact]
    public void A_table_that_had_to_grow_many_times_has_every_name()
    {
        var builder = new NameTable.Builder();
        for (var i = 0; i < 5000; i++) builder.Add($"n{i}.sub{i % 7}.example", RegisterSource.TopSites, i + 1, 0);
        var table = builder.Build();
        for (var i = 0; i < 5000; i++)
        {
            var found = table.Find($"n{i}.sub{i % 7}.example");
            Assert.Equal(RegisterSources.TopSites, found.At);
            Assert.Equal($"n{i}.sub{i % 7}.example", table.NameOf(found.Row));
        }
        Assert.Equal(715, table.Find("sub0.example").CountBelow);
        Assert.Equal("n0.sub0.example", table.NameOf(table.Find("sub0.example").RowBelow));
        Assert.Equal(default, table.Find("n0.sub1.example"));
    }

    private static RegisterSources Flags(IEnumerable<(string Name, RegisterSource Source, int Rank)> rows) => rows.Aggregate(RegisterSources.None, (all, row) => all | row.Source.Flag());

    private static void AssertGravest(NameTable table, (string Name, RegisterSource Source, int Rank)[] rows, int row)
    {
        if (rows.Length == 0) return;
        var best = rows.OrderByDescending(r => r.Source).ThenBy(r => r.Rank).First();
        var found = table.RowAt(row);
        Assert.Equal((best.Source, best.Rank, best.Rank * 10), (found.Source, found.Rank, found.Origin));
    }
}
