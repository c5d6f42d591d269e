namespace BlockList.Format.Names;

/// <summary>
/// Tells whether the part behind <c>xn--</c> is well-formed Punycode (RFC 3492 section 6.2) with a character outside ASCII
/// that is no control.
/// This depends on no Unicode version, so a list that one machine signed is read alike by every other, whatever its ICU
/// knows. An encoder has no choices, so text that decodes is also what its decoded form encodes to.
/// </summary>
internal static class Punycode
{
    private const int Base = 36, TMin = 1, TMax = 26, Skew = 38, Damp = 700, InitialBias = 72, InitialN = 0x80, FirstPrintable = 0xA0;

    /// <summary>Takes lower-case letters, digits and hyphens only.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        var delimiter = text.LastIndexOf('-');
        if (delimiter == 0)
            return false;
        var rest = text[(delimiter + 1)..];
        var length = Math.Max(delimiter, 0);
        long n = InitialN, i = 0;
        int bias = InitialBias, first = length;
        while (!rest.IsEmpty)
        {
            if (!TryReadDelta(ref rest, bias, out var delta))
                return false;
            length++;
            bias = Adapt(delta, length, length == first + 1);
            n += (i + delta) / length;
            i = ((i + delta) % length) + 1;
            if (n is < FirstPrintable or >= 0xD800 and <= 0xDFFF or > 0x10FFFF)
                return false;
        }
        return length > first;
    }

    /// <summary>One generalized variable-length integer (RFC 3492 section 3.3).</summary>
    private static bool TryReadDelta(ref ReadOnlySpan<char> rest, int bias, out long delta)
    {
        delta = 0;
        long weight = 1;
        for (var k = Base; !rest.IsEmpty; k += Base)
        {
            var digit = char.IsAsciiDigit(rest[0]) ? rest[0] - '0' + 26 : rest[0] - 'a';
            rest = rest[1..];
            delta += digit * weight;
            if (delta > int.MaxValue)
                return false;
            var threshold = Math.Clamp(k - bias, TMin, TMax);
            if (digit < threshold)
                return true;
            weight *= Base - threshold;
        }
        return false;
    }

    /// <summary>Bias adaptation (RFC 3492 section 6.1).</summary>
    private static int Adapt(long delta, int length, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / length;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return k + (int)((Base - TMin + 1) * delta / (delta + Skew));
    }
}
