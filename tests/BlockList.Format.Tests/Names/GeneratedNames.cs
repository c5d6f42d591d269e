namespace BlockList.Format.Tests.Names;

/// <summary>The same names in every run: labels of one script mostly, with the mixtures and mistakes that tell implementations apart.</summary>
internal sealed class GeneratedNames(ulong seed)
{
    private static readonly string[] Scripts =
    [
        "abcdefghijklmnopqrstuvwxyz0123456789", "ABCXYZ", "äöüßéèñçøåæœÄÖÜÉÑÇ", "αβγδεζηθσςΑΒΓΣ", "абвгдежзийклмнАБВ", "אבגדהוזחטי",
        "ابتثجحخدذرز", "٠١٢٣", "۰۱۲۳", "अआइकखगघ", "กขคงจ", "日本語中文漢字", "あいうえおかき", "アイウエオ", "한국어도메인", "ａｂｃＡＢＣ０１",
    ];

    private static readonly string[] Oddities = ["-", "--", "\u0301", "\u0308", "\u200D", "\u200C", "·", "・", "☃", "💩", "Ⅷ", "ﬁ", "ℌ", "٪", "\u0378", "½"];

    private static readonly string[] ALabels =
    [
        "xn--bcher-kva", "XN--Bcher-Kva", "xn--n3h", "xn--ls8h", "xn--a", "xn--abc-", "xn--u-ccb", "xn--a-qib", "xn--a-zhc", "xn--zca",
        "xn--4dbrk0ce", "xn--p1ai", "xn--99zt52a", "xn--ab---ooa", "xn--mgba3gch31f060k",
    ];

    private ulong state = seed;

    internal IEnumerable<string> Take(int count) =>
        Enumerable.Range(0, count).Select(_ => string.Join('.', Enumerable.Range(0, 1 + Below(3)).Select(_ => Label()).Append(TopLabel())));

    private string TopLabel() => Below(12) switch { 0 => "рф", 1 => "xn--p1ai", 2 => "қаз", 3 => "ישראל", _ => "example" };

    private string Label()
    {
        if (Below(12) == 0)
            return ALabels[Below(ALabels.Length)];
        var script = Scripts[Below(Scripts.Length)];
        var label = string.Concat(Enumerable.Range(0, 1 + Below(8)).Select(_ => script[Below(script.Length)]));
        return Below(6) switch
        {
            0 => label.Insert(Below(label.Length + 1), Oddities[Below(Oddities.Length)]),
            1 => label + Scripts[Below(Scripts.Length)][..2],
            _ => label,
        };
    }

    // SplitMix64.
    private int Below(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }
}
