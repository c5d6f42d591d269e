using System.Buffers.Binary;
using System.Globalization;
using BlockList.Format.Json;

namespace BlockList.Format.Log;

/// <summary>A part of a log as it is served (C2SP tlog-tiles): 256 neighbouring hashes of every eighth level of the tree, or the 256
/// leaves below those of the lowest. The last of each level may be partial.</summary>
/// <param name="Level">The tile's level; null for a bundle of leaves.</param>
/// <param name="Number">From 0, among those of its level.</param>
/// <param name="Width">How many hashes or leaves, 1 to 256.</param>
public readonly record struct LogTile(int? Level, long Number, int Width)
{
    /// <summary>Hashes in a full tile.</summary>
    public const int FullWidth = 256;

    private const int Height = 8;
    private const int HighestLevel = 7;
    private const string Entries = "entries";
    private const string Partial = ".p";

    /// <summary>The level in the tree of its hashes.</summary>
    public int TreeLevel => Height * (Level ?? 0);

    /// <summary>Which of that level is the first.</summary>
    public long First => Number * FullWidth;

    /// <summary>Whether a tree of a size has it.</summary>
    public bool IsIn(long size) => First + Width <= size >> TreeLevel;

    /// <summary>Its path below <c>tile/</c>: the level, the number in groups of three digits, all but the last with an <c>x</c> before them,
    /// and the width of a partial one.</summary>
    public string ToPath()
    {
        var number = Number.ToString("D3", CultureInfo.InvariantCulture);
        number = number.PadLeft((number.Length + 2) / 3 * 3, '0');
        var groups = number.Chunk(3).Select(group => new string(group)).ToArray();
        var path = string.Join('/', groups[..^1].Select(group => "x" + group).Append(groups[^1]));
        return string.Create(CultureInfo.InvariantCulture, $"{Level?.ToString(CultureInfo.InvariantCulture) ?? Entries}/{path}{(Width == FullWidth ? "" : $"{Partial}/{Width}")}");
    }

    /// <summary>Reads such a path; each tile has one.</summary>
    public static bool TryParse(string path, out LogTile tile)
    {
        tile = default;
        var parts = path.Split('/').ToList();
        if (parts is [_, .., var last, var wide] && last.EndsWith(Partial, StringComparison.Ordinal))
        {
            if (!TryNumber(wide, out var partial) || partial is < 1 or >= FullWidth) return false;
            tile = tile with { Width = (int)partial };
            parts.RemoveAt(parts.Count - 1);
            parts[^1] = last[..^Partial.Length];
        }
        else
        {
            tile = tile with { Width = FullWidth };
        }
        if (parts[0] != Entries)
        {
            if (!TryNumber(parts[0], out var level) || level > HighestLevel) return false;
            tile = tile with { Level = (int)level };
        }
        if (parts.Count is < 2 or > 6) return false;
        var digits = string.Concat(parts.Skip(1).Select(part => part.TrimStart('x')));
        if (digits.Any(c => !char.IsAsciiDigit(c)) || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        tile = tile with { Number = number };
        return number <= TreeNode.LargestSize >> (Height + tile.TreeLevel) && tile.ToPath() == path;
    }

    /// <summary>A bundle of leaves: each with its length before it, two bytes, the higher first.</summary>
    public static byte[] Bundle(IEnumerable<byte[]> leaves)
    {
        using var bundle = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var leaf in leaves)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)leaf.Length));
            bundle.Write(length);
            bundle.Write(leaf);
        }
        return bundle.ToArray();
    }

    /// <summary>The leaves of a bundle.</summary>
    /// <exception cref="MalformedDocumentException">It ends within a leaf or a length.</exception>
    public static IReadOnlyList<byte[]> Leaves(ReadOnlySpan<byte> bundle)
    {
        var leaves = new List<byte[]>();
        while (bundle.Length > 0)
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(bundle, out var length) || length > bundle.Length - 2) throw new MalformedDocumentException("the bundle ends within a leaf");
            leaves.Add(bundle.Slice(2, length).ToArray());
            bundle = bundle[(2 + length)..];
        }
        return leaves;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number.ToString(CultureInfo.InvariantCulture) == text;
}
