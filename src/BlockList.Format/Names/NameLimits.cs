namespace BlockList.Format.Names;

/// <summary>
/// Lengths of names, in octets of the ASCII form, without a final dot.
/// On the wire each label is one length octet and its text, and the root label closes the name with one more octet
/// (RFC 1035 section 3.1), so an absolute name of n octets of text takes n + 2. RFC 1035 section 2.3.4 allows
/// 63 octets a label and 255 a name on the wire.
/// </summary>
public static class NameLimits
{
    /// <summary>RFC 1035 section 2.3.4, "labels".</summary>
    public const int Label = 63;

    /// <summary>RFC 1035 section 2.3.4, "names": length octets and the root label included.</summary>
    public const int Wire = 255;

    /// <summary>The longest name in DNS as text: <see cref="Wire"/> less the first length octet and the root label.</summary>
    public const int Text = Wire - 2;

    /// <summary>The longest RPZ zone name that every listed name leaves room for, as text: <c>enforcement-test</c> has 16.</summary>
    public const int ZoneText = 16;

    /// <summary>The same zone name on the wire, root label included.</summary>
    public const int ZoneWire = ZoneText + 2;

    /// <summary>
    /// The longest name that can be listed. A whole name becomes the RPZ owner <c>*.name.zone.</c>: the label <c>*</c>
    /// takes 2 octets, the name its text + 1 (its root label is the zone's), the zone <see cref="ZoneWire"/>:
    /// 2 + (234 + 1) + 18 = 255.
    /// </summary>
    public const int Listable = Wire - ZoneWire - 2 - 1;
}
