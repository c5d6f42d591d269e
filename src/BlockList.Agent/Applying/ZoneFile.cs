using System.Security.Cryptography;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Applying;

/// <summary>A response policy zone on the disk, the next one beside it, and the one before.</summary>
internal sealed class ZoneFile(string path)
{
    public string Path { get; } = path;

    private string Next => DurableFile.TemporaryOf(Path);

    private string Previous => Path + ".previous";

    /// <summary>Hash of the zone in its place, or null where there is none.</summary>
    public string? Sha256 => HashOf(Path);

    /// <summary>Writes the next zone beside the one in place and forces it to the disk.</summary>
    public void Render(ListFile list, Serial serial)
    {
        using var file = DurableFile.Create(Next, DurableFile.Shared);
        RpzZone.Write(file, list, serial);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads the next zone back from the disk.</summary>
    /// <returns>Its hash.</returns>
    /// <exception cref="ApplyFailedException">It does not enforce exactly the list: the renderer or the disk is at fault.</exception>
    public string ReadBack(ListFile list, Serial serial)
    {
        using var file = File.OpenRead(Next);
        try
        {
            var (readSerial, enforced) = RpzZone.Read(file);
            if (readSerial != serial || !enforced.Lines.SequenceEqual(RpzZone.Enforceable(list).Lines))
                throw new ApplyFailedException($"the zone rendered to {Next} does not enforce the list. It was not used; what was in force stays. Check the disk.");
        }
        catch (MalformedDocumentException problem)
        {
            throw new ApplyFailedException($"the zone rendered to {Next} cannot be read back ({problem.Message}). It was not used; what was in force stays. Check the disk.", problem);
        }
        file.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Keeps a copy of the zone in place if it is the one that was put in force last; a zone that someone
    /// else changed, or that was never checked, is nothing to go back to.</summary>
    /// <returns>Whether there is such a copy, be it from now or from a run that died.</returns>
    public bool KeepPrevious(string? appliedSha256)
    {
        if (appliedSha256 is null) return false;
        if (Sha256 == appliedSha256) DurableFile.Write(Previous, File.ReadAllBytes(Path), DurableFile.Shared);
        return HashOf(Previous) == appliedSha256;
    }

    public void Swap() => DurableFile.MoveOver(Next, Path);

    public void PutBack() => DurableFile.MoveOver(Previous, Path);

    private static string? HashOf(string path)
    {
        if (!File.Exists(path)) return null;
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
