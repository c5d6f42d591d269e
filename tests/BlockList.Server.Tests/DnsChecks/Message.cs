using System.Text;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>DNS messages octet by octet, so that they can be wrong (RFC 1035 section 4).</summary>
internal static class Message
{
    private const ushort Ns = 2, Cname = 5, Soa = 6, Txt = 16, A = 1;
    private const ushort Authoritative = 0x8400, Response = 0x8000, TruncatedFlag = 0x8600;
    private const string Zone = "hostile.example";

    /// <summary>A text at any name below the zone, its list of servers, and nothing else.</summary>
    public static byte[] Well(Question question) => question.Type switch
    {
        Txt => Text(question, "well"),
        Ns when question.Name == Zone => Of(question, Authoritative, answers: [Record(Zone, Ns, Name($"ns.{Zone}"))]),
        _ => Of(question, Authoritative, authorities: [Record(Zone, Soa, [.. Name($"ns.{Zone}"), .. Name($"h.{Zone}"), .. new byte[19], 60])]),
    };

    public static byte[] Text(Question question, string text) => Of(question, Authoritative, answers: [Record(question.Name, Txt, [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)])]);

    public static byte[] Alias(Question question, string target) => Of(question, Authoritative, answers: [Record(question.Name, Cname, Name(target))]);

    public static byte[] Truncated(Question question) => Of(question, TruncatedFlag);

    public static byte[] Failure(Question question) => Of(question, Authoritative | 2);

    /// <summary>As much as a message holds.</summary>
    public static byte[] Flood(Question question) => Of(question, Authoritative, answers: [.. Enumerable.Range(0, 220).Select(i => Record(question.Name, Txt, [255, (byte)i, .. new byte[254]]))]);

    /// <summary>An answer whose name is a pointer to that pointer.</summary>
    public static byte[] PointerToItself(Question question)
    {
        var head = Of(question, Authoritative, answerCount: 1);
        return [.. head, (byte)(0xC0 | (head.Length >> 8)), (byte)head.Length, 0, 16, 0, 1, 0, 0, 0, 60, 0, 2, 1, 65];
    }

    public static byte[] LongerThanItIs(Question question) => [.. Of(question, Authoritative, answerCount: 1), .. Name(question.Name), 0, 16, 0, 1, 0, 0, 0, 60, 0xFF, 0xFF, 1, 65];

    public static byte[] MoreRecordsThanThereAre(Question question) => Of(question, Authoritative, answerCount: 60_000, answers: [Record(question.Name, Txt, [1, 65])]);

    /// <summary>With an address for somebody else's name server.</summary>
    public static byte[] WithForeignRecord(Question question) => Of(question, Authoritative, answers: [Record(question.Name, Txt, [4, .. "well"u8])],
        authorities: [Record(DnsWorld.Good, Ns, Name($"ns.{Zone}"))], additional: [Record($"ns1.{DnsWorld.Good}", A, [127, 0, 0, 1])]);

    /// <summary>"I do not know, ask the root", and a root of its own at that.</summary>
    public static byte[] Upward(Question question) => Of(question, Response, authorities: [Record("", Ns, Name($"ns.{Zone}"))]);

    private static byte[] Of(Question question, ushort flags, byte[][]? answers = null, byte[][]? authorities = null, byte[][]? additional = null, int? answerCount = null) =>
    [
        .. Short(question.Id), .. Short(flags), .. Short(1), .. Short(answerCount ?? answers?.Length ?? 0), .. Short(authorities?.Length ?? 0), .. Short(additional?.Length ?? 0),
        .. Name(question.Name), .. Short(question.Type), .. Short(1),
        .. (answers ?? []).Concat(authorities ?? []).Concat(additional ?? []).SelectMany(record => record),
    ];

    private static byte[] Record(string owner, ushort type, byte[] data) => [.. owner == "" ? [0] : Name(owner), .. Short(type), .. Short(1), 0, 0, 0, 60, .. Short(data.Length), .. data];

    private static byte[] Name(string name) => [.. name.Split('.').SelectMany(label => new[] { (byte)label.Length }.Concat(Encoding.ASCII.GetBytes(label))), 0];

    private static byte[] Short(int value) => [(byte)(value >> 8), (byte)value];
}
