using System.Text;
using BlockList.Format.Names;

namespace BlockList.Format.Tests.Names;

/// <summary>
/// The same names in every run: labels of one script mostly, with the mixtures and mistakes that tell implementations apart.
/// </summary>
internal sealed class GeneratedNames(ulong seed)
{
    // Valid, not canonical, broken: truncated, no Punycode, ASCII only, not in normal form, mapped away, mixed in direction, overflowing.
    private static readonly string[] ALabels =
    [
        "xn--bcher-kva", "XN--Bcher-Kva", "Xn--n3h", "xn--ls8h", "xn--a", "xn--abc-", "xn--u-ccb", "xn--a-qib", "xn--a-zhc", "xn--zca", "xn--3xa",
        "xn--4dbrk0ce", "xn--p1ai", "xn--99zt52a", "xn--ab---ooa", "xn--mgba3gch31f060k", "xn--", "xn--0", "xn--9", "xn---", "xn--99999999", "xn---abc",
        "xn--bcher-kv", "xn--ab-r13a", "xn--fiqs8s", "xn--iga", "xn--xn--bcher-kva-", "xn--a-ecp", "xn--tda", "xn--bcher-kva99999", "xn--zn7c",
    ];

    private static readonly string[] TopLabels =
    [
        "example", "example", "example", "example", "example", "example", "EXAMPLE", "рф", "xn--p1ai", "қаз", "ישראל", "السعودية", "中国", "中國", "भारत", "xn--fiqs8s",
    ];

    private static readonly string[] OddTopLabels = ["1", "255", "0x7f", "0X1", "0x", "１２", "٣", "1a", "_tcp", "-", "xn--a", "e\u0301x", "1２", "0xg", "08"];

    private readonly Draws draws = new(seed);

    internal IEnumerable<string> Take(int count) => Enumerable.Range(0, count).Select(_ => Name());

    private string Name()
    {
        if (Below(60) == 0)
            return LongName();
        var labels = Enumerable.Range(0, 1 + (Below(4) / 2)).Select(_ => Label())
            .Append(Below(40) == 0 ? Pick(OddTopLabels) : Pick(TopLabels)).ToArray();
        return Below(80) switch
        {
            0 => string.Join(Pick(["\u3002", "\uFF0E", "\uFF61"]), labels),
            1 => string.Join('.', labels) + Pick([".", "\u3002", "..", "．"]),
            2 => string.Join(Pick(["..", ".\u3002", ".\u00AD."]), labels),
            3 => "." + string.Join('.', labels),
            4 => labels[0],
            _ => string.Join('.', labels),
        };
    }

    private string Label() => Below(48) switch
    {
        0 or 1 => Pick(ALabels),
        2 => "xn--" + PunycodeText.Encode(Changed(Plain())),
        3 => "xn--" + PunycodeText.Encode(Plain()),
        4 => "xn--" + Plain(Alphabets.AsciiWithHyphen),
        5 or 6 or 7 => Inserted(Plain(), Text(Alphabets.Signs, 1)),
        8 => Inserted(Plain(), Text(Alphabets.Signs, 2 + Below(2))),
        9 => Text(Alphabets.Signs, 1 + Below(3)),
        10 => Joined(),
        11 => string.Concat(Enumerable.Range(0, 2 + Below(6)).Select(_ => Pick(Alphabets.Confusables)).Select(alike => alike[Below(alike.Length)])),
        12 => Hyphened(Plain()),
        13 => LongLabel(),
        14 => Plain() + Plain(),
        15 => Plain(Alphabets.Digits) + Plain(),
        16 or 17 => Changed(Plain()),
        18 => Inserted(Plain(), "_"),
        19 => Pick(["l·l", "a·l", "͵α", "α͵", "א׳", "׳א", "א״ב", "アー・イ", "a・b", "٣۳ب", "ب٣", "ب۳", "1٣", "faß", "FAẞ", "σς", "ΑΣ", "👨\u200D👩\u200D👧", "1\uFE0F\u20E3", "ﷺ", "㎏"]),
        _ => Plain(),
    };

    private string Plain() => Plain(Pick(Alphabets.Scripts));

    private string Plain(int[] script) => Text([script], 1 + Below(9));

    private string Changed(string label) => Below(4) switch
    {
        0 => label.ToUpperInvariant(),
        1 => label.Normalize(NormalizationForm.FormD),
        2 => label + Text([Alphabets.Marks], 1),
        _ => Text([Alphabets.Marks], 1) + label,
    };

    /// <summary>A joiner behind a virama or a joining letter, or where no rule allows it.</summary>
    private string Joined()
    {
        var joiner = Pick(["\u200C", "\u200D"]);
        var label = Plain();
        return Below(4) switch
        {
            0 => Inserted(label, Alphabets.Viramas[Below(Alphabets.Viramas.Length)] + joiner),
            1 => Text([Alphabets.Arabic], 2) + joiner + Text([Alphabets.Arabic], 2),
            2 => "नक\u094D" + joiner + "षा",
            _ => Inserted(label, joiner),
        };
    }

    private string Hyphened(string label) => Below(5) switch
    {
        0 => "-" + label,
        1 => label + "-",
        2 => Plain(Alphabets.Ascii)[..1] + Plain(Alphabets.Ascii)[..1] + "--" + label,
        3 => Inserted(label, "--"),
        _ => Inserted(label, "-"),
    };

    /// <summary>Near 63 characters, counted as typed or in the A-form.</summary>
    private string LongLabel()
    {
        var script = Pick(Alphabets.Scripts);
        if (Below(3) == 0)
            return Text([Below(2) == 0 ? Alphabets.Ascii : script], 57 + Below(9));
        var label = Text([script], 4);
        var wanted = 58 + Below(6);
        while (4 + PunycodeText.Encode(label).Length < wanted)
            label += Text([Below(4) == 0 ? script : Alphabets.Ascii], 1);
        return Below(2) == 0 ? label : "xn--" + PunycodeText.Encode(label);
    }

    /// <summary>Near the 234 octets that can be listed, the 253 of DNS, in ASCII or behind an international label.</summary>
    private string LongName()
    {
        var wanted = Pick([NameLimits.Listable, NameLimits.Text]) - 2 + Below(5);
        var first = Below(2) == 0 ? Text([Alphabets.Cyrillic], 1 + Below(20)) : "";
        var length = first.Length == 0 ? 0 : 5 + PunycodeText.Encode(first).Length;
        var name = new StringBuilder(first.Length == 0 ? "" : first + ".");
        for (var rest = wanted - length - ".example".Length; rest > 0;)
        {
            // No label is left empty at the end.
            var label = rest <= 40 ? rest : Math.Min(rest - 2, 20 + Below(30));
            name.Append(Text([Alphabets.Ascii], label)).Append('.');
            rest -= label + 1;
        }
        return name.Append("example").ToString();
    }

    private string Inserted(string label, string part)
    {
        var place = Below(label.Length + 1);
        return label.Insert(place > 0 && char.IsHighSurrogate(label[place - 1]) ? place - 1 : place, part);
    }

    private string Text(int[][] sets, int count)
    {
        var set = Pick(sets);
        return string.Concat(Enumerable.Range(0, count).Select(_ => char.ConvertFromUtf32(set[Below(set.Length)])));
    }

    private T Pick<T>(T[] among) => draws.Pick(among);

    private int Below(int bound) => draws.Below(bound);
}
