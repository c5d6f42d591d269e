using System.Security.Cryptography;
using System.Text;
using BlockList.Format;

namespace BlockList.Server.Curation;

/// <summary>Reference and note of a decision. They lie beside it, so that they can be deleted; the statement holds their
/// hashes, salted, because a case number alone is guessed in seconds.</summary>
internal sealed record Annotation(byte[] Salt, string? ReferenceType, string? ReferenceNumber, string? Note)
{
    /// <summary>Null where there is neither.</summary>
    public static Annotation? Of(string? referenceType, string? referenceNumber, string? note) =>
        referenceNumber is null && note is null ? null : new Annotation(RandomNumberGenerator.GetBytes(32), referenceType, referenceNumber, note);

    public string? ReferenceSha256 => ReferenceNumber is null ? null : Hash("reference", $"{ReferenceType}:{ReferenceNumber}");

    public string? NoteSha256 => Note is null ? null : Hash("note", Note);

    private string Hash(string kind, string text) => Hashes.Sha256([.. Salt, .. Encoding.UTF8.GetBytes($"{kind}\n{text}")]);
}
