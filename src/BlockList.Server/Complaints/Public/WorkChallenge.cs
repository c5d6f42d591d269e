using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace BlockList.Server.Complaints.Public;

/// <summary>
/// Work that a browser does before a complaint is taken: a number that, behind the challenge, hashes to so many zero bits. The challenge
/// belongs to one draft, and a draft is one complaint, so work counts once and nobody can do it beforehand.
/// </summary>
internal sealed class WorkChallenge(ComplaintKey key)
{
    public const string Field = "work";

    /// <summary>Somebody may leave the page open and come back after lunch.</summary>
    private static readonly TimeSpan HoldsFor = TimeSpan.FromHours(2);

    private readonly byte[] challenges = key.For("work");

    public static Draft Give(Draft draft, int bits, DateTimeOffset now) => draft with { WorkBits = bits, WorkGiven = now.ToUnixTimeSeconds() };

    public string TextOf(Draft draft) => Base64Url.EncodeToString(
        HMACSHA256.HashData(challenges, (byte[])[.. draft.Id, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{draft.WorkGiven}/{draft.WorkBits}"))]).AsSpan(0, 16));

    public bool IsDone(Draft draft, string? number, DateTimeOffset now)
    {
        if (draft.WorkGiven == 0 || draft.WorkBits < 1 || number is null or { Length: 0 or > 16 } || !number.All(char.IsAsciiDigit)) return false;
        return now - DateTimeOffset.FromUnixTimeSeconds(draft.WorkGiven) <= HoldsFor && ZeroBits(SHA256.HashData(Encoding.ASCII.GetBytes($"{TextOf(draft)}:{number}"))) >= draft.WorkBits;
    }

    private static int ZeroBits(ReadOnlySpan<byte> hash) => BitOperations.LeadingZeroCount(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash));
}
