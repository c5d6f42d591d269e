using BlockList.Format.Log;
using Xunit;

namespace BlockList.Format.Tests.Log;

public sealed class LogTileTests
{
    [Theory]
    [InlineData("0/000", 0, 0, 256)]
    [InlineData("0/000.p/1", 0, 0, 1)]
    [InlineData("1/999.p/255", 1, 999, 255)]
    [InlineData("0/x001/000", 0, 1000, 256)]
    [InlineData("3/x001/x234/067", 3, 1234067, 256)]
    [InlineData("0/x001/x234/067.p/8", 0, 1234067, 8)]
    public void A_tile_has_one_path(string path, int level, long number, int width)
    {
        var tile = new LogTile(level, number, width);
        Assert.Equal(path, tile.ToPath());
        Assert.True(LogTile.TryParse(path, out var read));
        Assert.Equal(tile, read);
        Assert.True(LogTile.TryParse("entries" + path[1..], out var bundle));
        Assert.Equal(tile with { Level = null }, bundle);
        Assert.Equal("entries" + path[1..], bundle.ToPath());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/")]
    [InlineData("0/0")]
    [InlineData("0/00")]
    [InlineData("0/0000")]
    [InlineData("0/001/000")]
    [InlineData("0/x000/001")]
    [InlineData("0/x001")]
    [InlineData("0/xx01/000")]
    [InlineData("00/000")]
    [InlineData("8/000")]
    [InlineData("-1/000")]
    [InlineData("+0/000")]
    [InlineData("0/000.p/0")]
    [InlineData("0/000.p/01")]
    [InlineData("0/000.p/256")]
    [InlineData("0/000.p")]
    [InlineData("0/000.p/")]
    [InlineData("0.p/1")]
    [InlineData("entries")]
    [InlineData("Entries/000")]
    [InlineData("0/000/")]
    [InlineData("/0/000")]
    [InlineData("0/x999/x999/x999/x999/x999/999")]
    [InlineData("0/x999/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("0/٠٠٠")]
    public void Another_spelling_is_no_path(string path) => Assert.False(LogTile.TryParse(path, out _));

    [Theory]
    // "a tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1
    // tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1" (C2SP tlog-tiles).
    [InlineData(70_000, "0/272", true)]
    [InlineData(70_000, "0/273", false)]
    [InlineData(70_000, "0/273.p/112", true)]
    [InlineData(70_000, "0/273.p/113", false)]
    [InlineData(70_000, "1/000", true)]
    [InlineData(70_000, "1/001.p/17", true)]
    [InlineData(70_000, "1/001.p/18", false)]
    [InlineData(70_000, "2/000.p/1", true)]
    [InlineData(70_000, "2/000.p/2", false)]
    [InlineData(70_000, "3/000.p/1", false)]
    [InlineData(256, "0/000", true)]
    [InlineData(256, "1/000.p/1", true)]
    [InlineData(255, "0/000", false)]
    [InlineData(70_000, "entries/273.p/112", true)]
    [InlineData(70_000, "entries/273.p/113", false)]
    public void A_tree_has_the_tiles_of_its_size(long size, string path, bool has)
    {
        Assert.True(LogTile.TryParse(path, out var tile));
        Assert.Equal(has, tile.IsIn(size));
    }

    [Fact]
    public void A_bundle_has_each_leaf_with_its_length_before_it() =>
        Assert.Equal<byte>([0, 2, 7, 8, 0, 0, 1, 0, .. new byte[256]], LogTile.Bundle([[7, 8], [], new byte[256]]));

    [Fact]
    public void Leaves_of_a_bundle_are_read_back_and_a_bundle_that_ends_early_is_none()
    {
        byte[][] leaves = [[7, 8], [], new byte[256]];
        var bundle = LogTile.Bundle(leaves);
        Assert.Equal(leaves, LogTile.Leaves(bundle));
        Assert.Empty(LogTile.Leaves([]));
        foreach (var length in new[] { 1, 3, 5, 7, bundle.Length - 1 })
            Assert.Throws<Format.Json.MalformedDocumentException>(() => LogTile.Leaves(bundle.AsSpan(0, length)));
    }
}
