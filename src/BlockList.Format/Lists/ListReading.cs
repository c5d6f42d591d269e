using BlockList.Format.Json;

namespace BlockList.Format.Lists;

/// <summary>Finds the lines of a list file, and whether each is what it must be.</summary>
internal static class ListReading
{
    /// <summary>Shorter files are not worth another processor.</summary>
    private const int LeastAtOnce = 512 * 1024;

    private const byte LineEnd = (byte)'\n';

    /// <summary>Where each line ends.</summary>
    /// <exception cref="MalformedDocumentException">Names the first line that is wrong and what is wrong with it, never the name.</exception>
    public static int[] EndsOf(byte[] file)
    {
        if (file.Length == 0) return [];
        if (file.Length > ListFile.MaximumLength) throw new MalformedDocumentException("the list is longer than any list may be");
        if (file[^1] != LineEnd) throw new MalformedDocumentException("the list does not end with a line end; it may be cut off");
        // A stretch has the lines that begin in it.
        var parts = Stretches.AtOnce(file.Length, LeastAtOnce, (from, to) => LinesOf(file, StartOfLine(file, from), StartOfLine(file, to)));
        var ends = parts is [var only] ? only.Ends : [.. parts.SelectMany(part => part.Ends)];
        var before = 0;
        foreach (var (itsEnds, problem) in parts)
        {
            if (problem is not null) throw new MalformedDocumentException($"line {before + itsEnds.Length + 1} of the list {problem}");
            before += itsEnds.Length;
        }
        return ends;
    }

    /// <summary>The line that a place is in begins there or after it.</summary>
    private static int StartOfLine(ReadOnlySpan<byte> file, int place) =>
        place == 0 || place == file.Length ? place : place + file[(place - 1)..].IndexOf(LineEnd);

    private static (int[] Ends, string? Problem) LinesOf(ReadOnlySpan<byte> file, int start, int end)
    {
        var ends = new int[file[start..end].Count(LineEnd)];
        var before = LineBefore(file, start);
        for (var number = 0; number < ends.Length; number++)
        {
            var line = file.Slice(start, file[start..].IndexOf(LineEnd));
            var problem = !ListFile.IsEntry(line) ? "is no list entry" : before.SequenceCompareTo(line) >= 0 ? "is not in order, or stands twice" : null;
            if (problem is not null) return (ends[..number], problem);
            ends[number] = start + line.Length;
            start = ends[number] + 1;
            before = line;
        }
        return (ends, null);
    }

    /// <summary>The line before a place where one begins; empty before the first.</summary>
    private static ReadOnlySpan<byte> LineBefore(ReadOnlySpan<byte> file, int start)
    {
        if (start == 0) return default;
        var line = file[..(start - 1)];
        return line[(line.LastIndexOf(LineEnd) + 1)..];
    }
}
