using System.Security.Cryptography;
using BlockList.Agent.State;

namespace BlockList.Agent.Resolvers;

/// <summary>A file that a resolver reads: the one in place, the next one beside it, and a copy of the one before.</summary>
internal sealed class StagedFile(string path)
{
    public string Path { get; } = path;

    public string Next { get; } = DurableFile.TemporaryOf(path);

    private string Previous { get; } = path + ".previous";

    /// <summary>Hash of the file in place, or null where there is none.</summary>
    public string? Sha256 => HashOf(Path);

    public string? NextSha256 => HashOf(Next);

    public string? PreviousSha256 => HashOf(Previous);

    /// <summary>Writes the next file beside the one in place and forces it to the disk.</summary>
    public void Render(Action<Stream> write) => Write(Next, write);

    public void KeepPrevious() => Copy(Path, Previous);

    /// <summary>Makes the next file the one in place. Done already in a run that died, it does nothing.</summary>
    /// <param name="after">A moment that the file must be newer than, for a resolver that goes by that; or null.</param>
    public void Swap(DateTimeOffset? after = null)
    {
        if (!File.Exists(Next)) return;
        if (after?.UtcDateTime.AddSeconds(1) is { } least && File.GetLastWriteTimeUtc(Next) < least) File.SetLastWriteTimeUtc(Next, least);
        DurableFile.MoveOver(Next, Path);
    }

    /// <summary>Makes the file before the next one. It is copied, so that it is still there when this run dies; and the
    /// copy is new, because BIND passes over a zone file that is older than what it has loaded.</summary>
    public void RecallPrevious() => Copy(Previous, Next);

    public static void Write(string path, Action<Stream> write)
    {
        using var file = DurableFile.Create(path, DurableFile.Shared);
        write(file);
        file.Flush(flushToDisk: true);
    }

    private static void Copy(string from, string to)
    {
        using var source = File.OpenRead(from);
        var beside = to + ".copy";
        Write(beside, source.CopyTo);
        DurableFile.MoveOver(beside, to);
    }

    private static string? HashOf(string path)
    {
        if (!File.Exists(path)) return null;
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
