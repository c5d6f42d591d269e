namespace BlockList.Format.Tests.Names;

/// <summary>
/// Letters, marks and digits by script, as registries sell them. Gaps inside a range are unassigned code points, which all
/// judges must refuse. Blocks that grew after Unicode 14 are cut off there, for every judge brings tables of its own age.
/// </summary>
internal static class Alphabets
{
    internal static readonly int[] Ascii = Ranges("61-7A");
    internal static readonly int[] AsciiWithHyphen = Ranges("61-7A 30-39 2D");
    internal static readonly int[] Digits = Ranges("30-39");
    internal static readonly int[] Cyrillic = Ranges("430-44F");
    internal static readonly int[] Arabic = Ranges("620-64A");
    internal static readonly int[] Marks = Ranges("300-36F 1AB0-1ABE 20D0-20F0");

    /// <summary>The code points of each script, as ranges <c>first-last</c> in hexadecimal.</summary>
    internal static readonly int[][] Scripts =
    [
        .. ((string[])
        [
            "61-7A", "61-7A 30-39 2D", "30-39", "41-5A 61-7A", // Latin as ASCII
            "61-7A DF-F6 F8-FF", "61-7A C0-D6 D8-DF", "100-17F", "180-24F 250-2AF", "1E00-1EFF", // Latin beyond
            "3B1-3C9 3AC-3CE", "391-3A1 3A3-3A9 3B1-3C9", "1F00-1FBC", "3D8-3FB", // Greek, Coptic
            "430-44F", "410-44F 400-45F", "460-481 48A-4FF", "500-52F", "2C80-2CE4", // Cyrillic, Coptic
            "561-586", "531-556 561-586", "10D0-10FA", "1C90-1CBA 10D0-10FA", "2D00-2D25", // Armenian, Georgian
            "5D0-5EA", "5D0-5EA 5B0-5BD", "620-64A", "620-652 671-6D3", "6F0-6F9 627-64A", "660-669 627-64A", // Hebrew, Arabic
            "710-74A", "750-77F", "780-7B1", "7C0-7EA", "840-858", "10A00-10A33", "1E900-1E94B", // Syriac, Thaana, N'Ko, Mandaic, Kharoshthi, Adlam
            "904-939 93E-94D", "966-96F 905-939", "958-95F 915-939", "985-9B9 9BE-9CD", "A05-A39 A3E-A4D", "A85-AB9 ABE-ACD", // Devanagari to Gujarati
            "B05-B39 B3E-B4D", "B85-BB9 BBE-BCD", "C05-C39 C3E-C4D", "C85-CB9 CBE-CCD", "D05-D3A D3E-D4D", "D85-DC6 DCF-DDF", // Oriya to Sinhala
            "E01-E3A E40-E4E", "E50-E59 E01-E2E", "E81-EB9 EC0-ECD", "F40-F6C F71-F84", "1000-102A 102B-103E", "1780-17B3 17B6-17D1", // Thai to Khmer
            "1200-135A", "13A0-13F5", "AB70-ABBF", "1401-166C", "1681-169A", "16A0-16EA", "1820-1878", "1900-191E 1920-192B", // Ethiopic to Limbu
            "1950-1974", "1980-19AB", "1A00-1A1B", "1B05-1B33", "1B83-1BA0", "1C00-1C23", "1C5A-1C7D", "2D30-2D67", "2DE0-2DFF 430-44F", // Tai Le to Tifinagh
            "3041-3096", "30A1-30FA", "3041-3096 30A1-30FA 4E00-5000 30FC", "3105-312F", "4E00-9FA5", "4E00-9FA5", "3400-4DB5", "20000-20400", // Japanese, Chinese
            "AC00-D7A3", "1100-1112 1161-1175 11A8-11C2", "A000-A48C", "A500-A60C", "A6A0-A6E5", "A807-A822", "A840-A873", "A984-A9B2", // Korean to Javanese
            "AA00-AA28", "AA80-AAAF", "ABC0-ABE2", "10280-1029C", "10330-10340", "10400-1044F", "10900-10915", "11083-110AF", "11400-11434", // Cham to Newa
        ]).Select(Ranges),
    ];

    /// <summary>What is no letter of a living alphabet: signs, compatibility forms, emoji, marks, joiners, whatever is left of the BMP.</summary>
    internal static readonly int[][] Signs =
    [
        .. ((string[])
        [
            "21-2F 3B-40 5B-60 7B-7E", "A0-BF D7 F7", "2010-205E", "20A0-20BF", "2100-214F", "2150-2188", "2190-22FF", "2460-24FF", "2600-27BF",
            "1F300-1F64F", "1F900-1F9FF", "1F3FB-1F3FF 1F466-1F469", "1F1E6-1F1FF", "FF01-FF5E", "FF66-FF9D", "FB00-FB06 FB13-FB17", "FB1D-FB4F",
            "FB50-FBB1 FBD3-FD3D", "FE70-FEFC", "F900-FAD9", "2F00-2FD5", "3300-33FF", "1D400-1D7FF", "2F800-2FA1D", "300-36F", "1AB0-1ABE 20D0-20F0", "FE00-FE0F",
            "200B-200F 2028-202E 2060-206F", "AD 34F 61C 180B-180E 3164 FEFF FFA0", "E000-E010 FFF9-FFFF", "E0020-E007F", "80-9F", "B7 375 5F3-5F4 30FB",
            "3001-3020", "2FF0-2FFB", "640 7FA 302E-302F 3031-3035 303B", "DF 1E9E 3C2 3C3 17F 131 130 212A 212B 149", "600-61B 61E-61F 66A-66D 6D4",
        ]).Select(Ranges), Marks,
    ];

    /// <summary>Letters that look alike in several scripts.</summary>
    internal static readonly string[] Confusables =
        ["aаɑα", "eеҽ", "oоοօ०", "pрρ", "cсϲ", "xхχ", "yуүγ", "iіɩι", "jјϳ", "sѕ", "hһհ", "nոη", "uսυ", "l1ӏߊ", "kκк", "tтτ", "wѡա", "bЬ", "dԁ", "ー一"];

    /// <summary>Viramas, before which or behind which the joiners have their rule (RFC 5892 appendix A).</summary>
    internal const string Viramas = "\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA\u0E3A\u0F84\u1039\u103A\u17D2\u1714\uA806\uA9C0";

    private static int[] Ranges(string text) =>
    [
        .. text.Split(' ').Select(range => range.Split('-')).SelectMany(range =>
        {
            var first = Convert.ToInt32(range[0], 16);
            return Enumerable.Range(first, Convert.ToInt32(range[^1], 16) - first + 1);
        }),
    ];
}
