using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Content;

/// <summary>One delta: the version it starts at, its name and its file.</summary>
internal sealed record DeltaStep(Serial From, string Path, TargetFile File)
{
    /// <summary>Applies a delta's bytes.</summary>
    /// <returns>The delta and the list that it leads to.</returns>
    /// <exception cref="RefusedException">It is not the file that metadata names, or it starts or ends at another list.</exception>
    /// <exception cref="MalformedDocumentException">It is no delta, or does not fit the list.</exception>
    public (Delta Delta, ListFile List) Apply(byte[] bytes, ListFile before, string beforeSha256)
    {
        if (!File.Matches(bytes)) throw new RefusedException(RefusalReason.Hash, $"{Path} has not the length and hash that targets names");
        var delta = Delta.Parse(bytes);
        if (delta.From != From) throw new RefusedException(RefusalReason.Version, $"{Path} starts at version {delta.From}");
        if (delta.FromSha256 != beforeSha256) throw new RefusedException(RefusalReason.Hash, $"{Path} starts at another list than the one held");
        var after = delta.ApplyTo(before);
        if (delta.ToSha256 != after.Sha256) throw new RefusedException(RefusalReason.Hash, $"{Path} leads to another list than it says");
        return (delta, after);
    }
}
