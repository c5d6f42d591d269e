using BlockList.Format.Lists;
using BlockList.Format.Names;
using FsCheck;
using FsCheck.Fluent;

namespace BlockList.Format.Tests.Lists;

/// <summary>Lists of few different names, so that two of them overlap, with the characters whose order people get wrong.</summary>
internal static class GeneratedLists
{
    internal static readonly Gen<string> Line = Gen.Elements("", "=").Zip(
        Gen.Elements("a", "b", "z", "0", "9", "a-b", "a0", "ab", "aa", "xn--bcher-kva", "www").ListOf().Resize(3),
        (mark, labels) => mark + string.Join('.', labels.Append("example")))
        .Where(line => line.Contains('.', StringComparison.Ordinal));

    internal static readonly Gen<ListFile> List = Line.ListOf().Resize(40).Select(Of);

    internal static ListFile Of(IEnumerable<string> lines) => ListFile.Of(lines.Select(Entry));

    internal static ListFile Of(params string[] lines) => Of(lines.AsEnumerable());

    internal static ListedName Entry(string line) => ListedName.TryParse(line, out var entry) ? entry : throw new ArgumentException($"\"{line}\" is no entry");
}
