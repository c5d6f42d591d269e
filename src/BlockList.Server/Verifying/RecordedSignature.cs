using System.Globalization;
using System.Security.Cryptography;

namespace BlockList.Server.Verifying;

/// <summary>One signature as the verifier writes it into its own file, before anybody has it.</summary>
/// <param name="List">The list.</param>
/// <param name="Serial">Of the version.</param>
/// <param name="ListSha256">The list, the only one that this serial ever gets.</param>
/// <param name="LedgerPosition">The ledger's last row that it rested on.</param>
/// <param name="TargetsVersion">Of the document.</param>
/// <param name="Candidate">What was answered with it.</param>
/// <param name="SignedSha256">Of the bytes that were signed.</param>
internal sealed record RecordedSignature(string List, int Serial, string ListSha256, long LedgerPosition, int TargetsVersion, Guid Candidate, string SignedSha256)
{
    private const string Word = "signed";

    /// <summary>Without the line feed.</summary>
    public string ToLine(RecordKey key) => $"{Text} {Convert.ToHexStringLower(key.OfLine(Text))}";

    /// <summary>Null where the line is none, or is not under this secret.</summary>
    public static RecordedSignature? TryParse(string line, RecordKey key)
    {
        if (line.Split(' ') is not [Word, var list, var serial, var listSha256, var position, var targets, var candidate, var signed, { Length: 64 } code]
            || !int.TryParse(serial, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            || !int.TryParse(targets, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !Guid.TryParseExact(candidate, "D", out var id)) return null;
        var read = new RecordedSignature(list, number, listSha256, row, version, id, signed);
        return code.All(char.IsAsciiHexDigitLower) && read.Text == line[..^(code.Length + 1)] && CryptographicOperations.FixedTimeEquals(key.OfLine(read.Text), Convert.FromHexString(code)) ? read : null;
    }

    private string Text => string.Create(CultureInfo.InvariantCulture, $"{Word} {List} {Serial} {ListSha256} {LedgerPosition} {TargetsVersion} {Candidate} {SignedSha256}");
}
