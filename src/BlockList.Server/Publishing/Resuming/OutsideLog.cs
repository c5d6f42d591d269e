using BlockList.Format.Json;
using BlockList.Format.Log;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Server.Signing;

namespace BlockList.Server.Publishing.Resuming;

/// <summary>A copy of a list's log as somebody outside fetched it: a folder with <c>checkpoint</c> and <c>tile/entries/…</c> below
/// it, as they are served. Nothing in it is believed but what the log's key signed.</summary>
internal static class OutsideLog
{
    private const string CheckpointFile = "checkpoint";

    /// <summary>The leaves that the copy's checkpoint was signed over, in their order.</summary>
    /// <param name="folder">Of the copy.</param>
    /// <param name="list">The list.</param>
    /// <param name="origin">Which log it must be of.</param>
    /// <param name="keys">Of the roots that the database has; one of them must have signed.</param>
    /// <exception cref="SigningException">It is incomplete, of another log, or not what was signed.</exception>
    public static IReadOnlyList<LogLeaf> Read(string folder, string list, string origin, IReadOnlyList<VerificationKey> keys)
    {
        var note = ReadFile(folder, CheckpointFile) ?? throw Refused(folder, $"it has no file \"{CheckpointFile}\"");
        var checkpoint = Open(note, origin, keys, folder);
        var leaves = new List<byte[]>();
        for (long number = 0; leaves.Count < checkpoint.Size; number++)
        {
            var wanted = (int)Math.Min(LogTile.FullWidth, checkpoint.Size - leaves.Count);
            leaves.AddRange(ReadBundle(folder, number, wanted).Take(wanted));
        }
        if (!MerkleTree.Root(leaves).AsSpan().SequenceEqual(checkpoint.Root))
            throw Refused(folder, $"its leaves are not those that its checkpoint of {checkpoint.Size} was signed over");
        try
        {
            var parsed = leaves.Select(leaf => LogLeaf.Parse(leaf)).ToArray();
            return parsed.All(leaf => leaf.List == list) ? parsed : throw Refused(folder, "it has leaves of another list");
        }
        catch (MalformedDocumentException problem)
        {
            throw Refused(folder, $"one of its leaves is none: {problem.Message}", problem);
        }
    }

    private static Checkpoint Open(byte[] note, string origin, IReadOnlyList<VerificationKey> keys, string folder)
    {
        MalformedDocumentException? problem = null;
        foreach (var key in keys)
        {
            try
            {
                return Checkpoint.Open(note, origin, key);
            }
            catch (MalformedDocumentException refused)
            {
                problem ??= refused;
            }
        }
        throw Refused(folder, $"{problem!.Message}. Is it of this list and this deployment? Was the log's key replaced since the backup? Then take that root first (blocklist publisher root)", problem);
    }

    /// <summary>A copy that was fetched again and again has the same leaves in bundles of several widths.</summary>
    private static IReadOnlyList<byte[]> ReadBundle(string folder, long number, int wanted)
    {
        for (var width = wanted; width <= LogTile.FullWidth; width++)
        {
            var path = "tile/" + new LogTile(null, number, width).ToPath();
            if (ReadFile(folder, path) is not { } bundle) continue;
            try
            {
                return LogTile.Leaves(bundle) is { } leaves && leaves.Count == width ? leaves : throw Refused(folder, $"{path} has not {width} leaves");
            }
            catch (MalformedDocumentException problem)
            {
                throw Refused(folder, $"{path}: {problem.Message}", problem);
            }
        }
        throw Refused(folder, $"tile/{new LogTile(null, number, wanted).ToPath()} is missing");
    }

    private static byte[]? ReadFile(string folder, string path)
    {
        try
        {
            var file = Path.Combine(folder, path);
            return File.Exists(file) ? File.ReadAllBytes(file) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refused(folder, $"{path} cannot be read: {problem.Message}", problem);
        }
    }

    private static SigningException Refused(string folder, string what, Exception? inner = null) =>
        new($"The copy of the log in {folder} cannot be used: {what}. Nothing was changed. Fetch the copy again, or take another one.", inner);
}
