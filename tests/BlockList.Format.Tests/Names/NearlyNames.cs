namespace BlockList.Format.Tests.Names;

/// <summary>Text that is a name often, and otherwise misses being one by a little: what people paste where a name is asked for.</summary>
internal sealed class NearlyNames(ulong seed)
{
    private static readonly string[] Labels = ["bad", "a-b", "xn--bcher-kva", "Ü", "עברית", "例", "0", "example"];

    private static readonly string[] Pieces =
    [
        "a", "b", "z", "A", "0", "9", "-", "--", ".", ".", ".", "xn--", "bad", "example", "_", "*", "@", ":", "/", " ", "[", "]", "%",
        "ü", "ß", "ς", "İ", "א", "ب", "٠", "۰", "ि", "\u0301", "\u200D", "\u200C", "\u200B", "例", "。", "Ⅷ", "ａ", "💩", "\uD800",
        "kva", "zhc", "bcher-kva", "com", "\0", "\uFEFF", "http:", "1.2.3.4", "::", "[.]", "🇯", "≠", "ẞ", "\u094D", "ー", "\u00A0",
    ];

    private readonly Draws draws = new(seed);

    internal IEnumerable<string> Take(int count) => Enumerable.Range(0, count).Select(_ => Text());

    private string Text()
    {
        var text = string.Join('.', Enumerable.Range(0, 1 + draws.Below(3)).Select(_ => draws.Pick(Labels)));
        for (var more = draws.Below(5); more > 0; more--)
            text = text.Insert(draws.Below(4) == 0 ? draws.Below(text.Length + 1) : text.Length, draws.Pick(Pieces));
        return text;
    }
}
