using System.Text;

namespace BlockList.Format.Tests.Names;

/// <summary>RFC 3492 section 6 without any check of what is encoded: makes, and reads, the A-labels that no registry would sell.</summary>
internal static class PunycodeText
{
    /// <summary>A name with every A-label read that can be.</summary>
    internal static string ToUnicode(string ascii) =>
        string.Join('.', ascii.Split('.').Select(label =>
            label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) ? Decode(label[4..].ToLowerInvariant()) ?? label : label));


    internal static string Encode(string label)
    {
        var runes = label.EnumerateRunes().Select(rune => rune.Value).ToArray();
        var output = new StringBuilder().Append([.. runes.Where(rune => rune < 0x80).Select(rune => (char)rune)]);
        int basic = output.Length, handled = basic, n = 0x80, bias = 72;
        long delta = 0;
        if (basic > 0)
            output.Append('-');
        for (; handled < runes.Length; delta++, n++)
        {
            var next = runes.Where(rune => rune >= n).Min();
            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var rune in runes)
            {
                if (rune < n)
                    delta++;
                if (rune != n)
                    continue;
                Write(output, delta, bias);
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
        }
        return output.ToString();
    }

    private static string? Decode(string text)
    {
        var delimiter = text.LastIndexOf('-');
        var runes = text[..Math.Max(delimiter, 0)].EnumerateRunes().ToList();
        int bias = 72, basic = runes.Count;
        long n = 0x80, i = 0;
        for (var next = delimiter + 1; next < text.Length;)
        {
            long delta = 0, weight = 1;
            for (var k = 36; ; k += 36)
            {
                if (next == text.Length || weight > int.MaxValue)
                    return null;
                var digit = char.IsAsciiDigit(text[next]) ? text[next] - '0' + 26 : text[next] - 'a';
                next++;
                delta += digit * weight;
                var threshold = Math.Clamp(k - bias, 1, 26);
                if (digit < threshold)
                    break;
                weight *= 36 - threshold;
            }
            var length = runes.Count + 1;
            bias = Adapt(delta, length, runes.Count == basic);
            n += (i + delta) / length;
            i = (i + delta) % length;
            if (n > 0x10FFFF || !Rune.IsValid((int)n))
                return null;
            runes.Insert((int)i++, new Rune((int)n));
        }
        return string.Concat(runes);
    }

    private static void Write(StringBuilder output, long rest, int bias)
    {
        for (var k = 36; ; k += 36)
        {
            var threshold = Math.Clamp(k - bias, 1, 26);
            if (rest < threshold)
                break;
            output.Append(Digit(threshold + ((rest - threshold) % (36 - threshold))));
            rest = (rest - threshold) / (36 - threshold);
        }
        output.Append(Digit(rest));
    }

    private static int Adapt(long delta, int length, bool isFirst)
    {
        delta = isFirst ? delta / 700 : delta / 2;
        delta += delta / length;
        var k = 0;
        for (; delta > 455; k += 36)
            delta /= 35;
        return k + (int)(36 * delta / (delta + 38));
    }

    private static char Digit(long value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);
}
