using System.Runtime.InteropServices;

namespace BlockList.Server.DnsChecks;

/// <summary>What libunbound says, in our words. All of it is copied; the library frees its own.</summary>
internal static unsafe class UnboundResult
{
    private const int NoError = 0;
    private const int ServerFailure = 2;
    private const int NameError = 3;

    public static DnsAnswer Read(LibUnbound.Result* result, RecordType type, int largestAnswer)
    {
        if (result->Bogus != 0) return new DnsAnswer.Bogus(Marshal.PtrToStringUTF8((nint)result->WhyBogus) ?? "the signatures do not hold");
        if (result->AnswerLength > largestAnswer) return new DnsAnswer.Failed($"the answer of {result->AnswerLength} octets is larger than the {largestAnswer} that are read");
        var verdict = result->Secure != 0 ? DnssecVerdict.Secure : DnssecVerdict.Insecure;
        try
        {
            var packet = AnswerPacket.Read(new ReadOnlySpan<byte>(result->AnswerPacket, result->AnswerPacket is null ? 0 : result->AnswerLength));
            return result->RCode switch
            {
                NoError when result->HaveData != 0 => new DnsAnswer.Answered(Records(result, type), packet.Aliases, verdict),
                NoError => new DnsAnswer.NoData(packet.Zone, verdict),
                NameError => new DnsAnswer.NoSuchName(packet.Zone, verdict),
                ServerFailure => new DnsAnswer.Failed("no server of the zone gave an answer that can be used"),
                var code => new DnsAnswer.Failed($"refused with response code {code}"),
            };
        }
        catch (FormatException problem)
        {
            return new DnsAnswer.Failed($"the answer is malformed: {problem.Message}");
        }
    }

    private static List<DnsRecord> Records(LibUnbound.Result* result, RecordType type)
    {
        var records = new List<DnsRecord>();
        for (var i = 0; result->Data[i] is not null; i++)
            records.Add(DnsRecord.Read(type, new ReadOnlySpan<byte>(result->Data[i], result->Lengths[i]).ToArray()));
        return records;
    }
}
