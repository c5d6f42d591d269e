using System.Runtime.InteropServices;
using System.Text;

namespace BlockList.Server.Names.Register;

/// <summary>
/// Names and what stands at and below each of them, packed for a million rows and a million questions a second: the text
/// of all names in one array, a node for each name and for each name above it, and an open-addressing table of nodes.
/// </summary>
internal sealed class NameTable
{
    public static readonly NameTable Empty = new Builder().Build();

    private readonly byte[] pool;
    private readonly Node[] nodes;
    private readonly int[] slots;
    private readonly Row[] rows;

    private NameTable(byte[] pool, Node[] nodes, int[] slots, Row[] rows) => (this.pool, this.nodes, this.slots, this.rows) = (pool, nodes, slots, rows);

    /// <summary>How many rows were added.</summary>
    public int Count => rows.Length;

    /// <summary>What the table itself takes, in bytes.</summary>
    public long Memory => pool.LongLength + (long)nodes.Length * Marshal.SizeOf<Node>() + slots.LongLength * sizeof(int) + (long)rows.Length * Marshal.SizeOf<Row>();

    /// <param name="name">In lower-case A-labels.</param>
    /// <returns>What stands there and below; nothing where the name is neither in the table nor above a name in it.</returns>
    public Found Find(ReadOnlySpan<char> name)
    {
        var index = slots[Place(slots, nodes, pool, name)] - 1;
        if (index < 0) return default;
        ref readonly var node = ref nodes[index];
        return new Found(node.At, node.Below, node.Row, node.RowBelow, node.CountBelow);
    }

    /// <summary>What was said of a row when it was added.</summary>
    public Row RowAt(int row) => rows[row];

    /// <summary>How many of these rows have a name that no row of the other table has.</summary>
    public int CountMissingIn(NameTable other)
    {
        var missing = 0;
        Span<char> text = stackalloc char[byte.MaxValue];
        foreach (ref readonly var row in rows.AsSpan())
        {
            Encoding.ASCII.GetChars(pool.AsSpan(row.Start, row.Length), text);
            if (other.Find(text[..row.Length]).At == RegisterSources.None) missing++;
        }
        return missing;
    }

    public string NameOf(int row) => Encoding.ASCII.GetString(pool, rows[row].Start, rows[row].Length);

    /// <summary>The slot of a name, or the empty one where it would stand. The hash is .NET's keyed one: a file of names that
    /// were chosen to collide slows nothing down.</summary>
    private static int Place(int[] slots, ReadOnlySpan<Node> nodes, ReadOnlySpan<byte> pool, ReadOnlySpan<char> name)
    {
        var mask = slots.Length - 1;
        for (var slot = string.GetHashCode(name, StringComparison.Ordinal) & mask; ; slot = (slot + 1) & mask)
        {
            if (slots[slot] == 0) return slot;
            ref readonly var node = ref nodes[slots[slot] - 1];
            if (node.Length == name.Length && Ascii.Equals(pool.Slice(node.Start, node.Length), name)) return slot;
        }
    }

    /// <param name="Start">Of the name in the pool.</param>
    /// <param name="Length">Of the name, at most 253.</param>
    /// <param name="Source">Why it stands here.</param>
    /// <param name="Rank">In the list of sites, from 1; 0 elsewhere.</param>
    /// <param name="Origin">Number of what brought it, as the caller counts.</param>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal readonly record struct Row(int Start, byte Length, RegisterSource Source, int Rank, int Origin);

    /// <param name="At">Sources of the rows at the name itself.</param>
    /// <param name="Below">Sources of the rows below it.</param>
    /// <param name="Row">The gravest row at the name.</param>
    /// <param name="RowBelow">The gravest row below it; of the same source, the one with the best rank.</param>
    /// <param name="CountBelow">How many rows stand below it.</param>
    internal readonly record struct Found(RegisterSources At, RegisterSources Below, int Row, int RowBelow, int CountBelow);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Node
    {
        public int Start;
        public int Row;
        public int RowBelow;
        public int CountBelow;
        public byte Length;
        public RegisterSources At;
        public RegisterSources Below;
    }

    /// <summary>Takes rows one after the other; what it built never changes.</summary>
    internal sealed class Builder(int expected = 0)
    {
        private readonly List<byte> pool = new(expected * 16);
        private readonly List<Node> nodes = new(expected + expected / 4);
        private readonly List<Row> rows = new(expected);
        private int[] slots = new int[SlotsFor(expected + expected / 4)];

        public int Count => rows.Count;

        /// <summary>Whether a row of this name was added.</summary>
        public bool Contains(ReadOnlySpan<char> name) =>
            slots[Place(slots, CollectionsMarshal.AsSpan(nodes), CollectionsMarshal.AsSpan(pool), name)] is var index and > 0 && nodes[index - 1].At != RegisterSources.None;

        /// <param name="name">In lower-case A-labels, at most 253 characters.</param>
        /// <param name="source">Why it stands here.</param>
        /// <param name="rank">In the list of sites, or 0.</param>
        /// <param name="origin">Number of what brought it.</param>
        public void Add(ReadOnlySpan<char> name, RegisterSource source, int rank, int origin)
        {
            var start = pool.Count;
            CollectionsMarshal.SetCount(pool, start + name.Length);
            Encoding.ASCII.GetBytes(name, CollectionsMarshal.AsSpan(pool)[start..]);
            var row = rows.Count;
            rows.Add(new Row(start, (byte)name.Length, source, rank, origin));
            ref var node = ref Touch(name, start);
            if (node.At == RegisterSources.None || IsGraver(row, node.Row)) node.Row = row;
            node.At |= source.Flag();
            // The top label cannot be listed, so nobody asks what stands below it.
            for (var dot = name.IndexOf('.'); dot >= 0 && name[(dot + 1)..].Contains('.');)
            {
                ref var above = ref Touch(name[(dot + 1)..], start + dot + 1);
                if (above.CountBelow++ == 0 || IsGraver(row, above.RowBelow)) above.RowBelow = row;
                above.Below |= source.Flag();
                var next = name[(dot + 1)..].IndexOf('.');
                dot = next < 0 ? -1 : dot + 1 + next;
            }
        }

        public NameTable Build() => new([.. pool], [.. nodes], slots, [.. rows]);

        private bool IsGraver(int row, int than)
        {
            var (one, other) = (rows[row], rows[than]);
            return one.Source != other.Source ? one.Source > other.Source : one.Rank < other.Rank;
        }

        private ref Node Touch(ReadOnlySpan<char> name, int start)
        {
            if ((nodes.Count + 1) * 2 > slots.Length) Grow();
            var slot = Place(slots, CollectionsMarshal.AsSpan(nodes), CollectionsMarshal.AsSpan(pool), name);
            if (slots[slot] == 0)
            {
                nodes.Add(new Node { Start = start, Length = (byte)name.Length });
                slots[slot] = nodes.Count;
            }
            return ref CollectionsMarshal.AsSpan(nodes)[slots[slot] - 1];
        }

        private void Grow()
        {
            var before = nodes.Count;
            slots = new int[SlotsFor(Math.Max(before * 2, 16))];
            Span<char> text = stackalloc char[byte.MaxValue];
            for (var index = 0; index < before; index++)
            {
                var node = nodes[index];
                Encoding.ASCII.GetChars(CollectionsMarshal.AsSpan(pool).Slice(node.Start, node.Length), text);
                slots[Place(slots, CollectionsMarshal.AsSpan(nodes), CollectionsMarshal.AsSpan(pool), text[..node.Length])] = index + 1;
            }
        }

        // At most half full: a question that finds nothing ends after a probe or two.
        private static int SlotsFor(int count) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(count * 2, 16));
    }
}
