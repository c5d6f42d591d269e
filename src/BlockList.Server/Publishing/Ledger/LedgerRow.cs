using System.Globalization;
using System.Security.Cryptography;
using System.Text.Unicode;
using BlockList.Format;
using BlockList.Format.Json;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// One row of the publisher's own record. Its chain code (HMAC-SHA-256) covers all rows before it, so a row that was added
/// or changed by anyone but the publisher, whoever owns the database, breaks the chain at its place.
/// </summary>
internal sealed record LedgerRow
{
    public const string Accepted = "accepted";
    public const string Refused = "refused";
    public const string OfDecision = "decision";

    /// <summary>Episodes that stand in a version for the first time: their ids are its statement. In rows from before it is one, and named.</summary>
    public const string OfFirstPublication = "first_publication";

    /// <summary>A change of the register of names that must not be listed.</summary>
    public const string OfNeverBlock = "never_block";

    /// <summary>A person's word on a version that a gate held.</summary>
    public const string OfVersion = "version";

    /// <summary>1, 2, 3, … without gaps.</summary>
    public required long Position { get; init; }

    public required string Kind { get; init; }

    public required string Outcome { get; init; }

    /// <summary>Why an authentic decision has no effect; null where it has.</summary>
    public string? Reason { get; init; }

    public Guid? DecisionId { get; init; }

    public string? Credential { get; init; }

    public long? Sequence { get; init; }

    /// <summary>Null where it is not about one.</summary>
    public required Guid? EpisodeId { get; init; }

    /// <summary>Null where it is about the never-block register, which guards every list.</summary>
    public required string? List { get; init; }

    public byte[]? Statement { get; init; }

    public string? StatementSha256 { get; init; }

    public Guid? AssertionId { get; init; }

    public int? Leaf { get; init; }

    /// <summary>Of a first publication.</summary>
    public int? Serial { get; init; }

    public int? RegisterVersion { get; init; }

    /// <summary>By the publisher's clock, whole seconds.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    public required byte[] ChainSha256 { get; init; }

    /// <summary>As many episodes as one row of first publications has at most.</summary>
    public const int MostPublished = 4096;

    private const int UsualLength = 1024;
    private const int IdLength = 16;

    /// <summary>The chain before the first row.</summary>
    public static byte[] ChainStart { get; } = SHA256.HashData("blocklist-ledger/1\n"u8);

    /// <summary>A row that says that episodes stand in a version for the first time. It has no place in the chain yet.</summary>
    /// <param name="position">In the ledger.</param>
    /// <param name="list">Their list.</param>
    /// <param name="serial">Of the version.</param>
    /// <param name="episodes">At most <see cref="MostPublished"/>.</param>
    /// <param name="publishedAt">When the version was made.</param>
    public static LedgerRow OfPublication(long position, string list, int serial, IReadOnlyList<Guid> episodes, DateTimeOffset publishedAt)
    {
        var ids = new byte[IdLength * episodes.Count];
        for (var i = 0; i < episodes.Count; i++) _ = episodes[i].TryWriteBytes(ids.AsSpan(IdLength * i), bigEndian: true, out _);
        return new LedgerRow
        {
            Position = position,
            Kind = OfFirstPublication,
            Outcome = Accepted,
            EpisodeId = null,
            List = list,
            Statement = ids,
            StatementSha256 = Hashes.Sha256(ids),
            Serial = serial,
            ReceivedAt = publishedAt,
            ChainSha256 = [],
        };
    }

    /// <summary>The episodes that a row of first publications is about.</summary>
    public IEnumerable<Guid> PublishedEpisodes()
    {
        if (EpisodeId is { } only) yield return only;
        for (var i = 0; i < Statement?.Length / IdLength; i++) yield return new Guid(Statement.AsSpan(IdLength * i, IdLength), bigEndian: true);
    }

    /// <summary>All that the row says, its statement by hash.</summary>
    public byte[] ToBytes() => Written([], null);

    /// <summary>The code that this row must bear after <paramref name="previous"/>.</summary>
    public byte[] ChainAfter(byte[] previous, LedgerKey key) => Written(previous, key);

    private byte[] Written(byte[] before, LedgerKey? key)
    {
        Span<byte> room = stackalloc byte[UsualLength];
        // Longer than any row that is written: whoever made it longer finds that it does not hold.
        for (; ; room = new byte[4 * room.Length])
        {
            before.CopyTo(room);
            if (Utf8.TryWrite(room[before.Length..], CultureInfo.InvariantCulture,
                $"{Position}\n{Kind}\n{Outcome}\n{Reason}\n{DecisionId}\n{Credential}\n{Sequence}\n{EpisodeId}\n{List}\n{StatementSha256}\n{AssertionId}\n{Leaf}\n{Serial}\n{RegisterVersion}\n", out var written) && room.Length - before.Length - written > Timestamp.Length)
            {
                written += before.Length;
                Timestamp.Format(ReceivedAt, room[written..]);
                written += Timestamp.Length;
                room[written++] = (byte)'\n';
                return key is null ? room[..written].ToArray() : key.Code(room[..written]);
            }
        }
    }

    public LedgerRow ChainedAfter(byte[] previous, LedgerKey key) => this with { ChainSha256 = ChainAfter(previous, key) };
}
