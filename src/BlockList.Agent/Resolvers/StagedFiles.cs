using System.Security.Cryptography;
using System.Text;

namespace BlockList.Agent.Resolvers;

/// <summary>All files that make up what one resolver enforces of one list. They are hashed and kept together: one of
/// them alone says nothing.</summary>
internal sealed class StagedFiles(params IReadOnlyList<StagedFile> files)
{
    /// <summary>Hash over the files in place, or null where one is missing.</summary>
    public string? Sha256 => Combined(files.Select(f => f.Sha256));

    public string? NextSha256 => Combined(files.Select(f => f.NextSha256));

    /// <summary>Keeps a copy of what is in place if that is what was put in force last; what someone else changed, or
    /// what was never checked, is nothing to go back to.</summary>
    /// <returns>Whether there is such a copy, be it from now or from a run that died.</returns>
    public bool KeepPrevious(string? appliedSha256)
    {
        if (appliedSha256 is null) return false;
        if (Sha256 == appliedSha256)
            foreach (var file in files) file.KeepPrevious();
        return Combined(files.Select(f => f.PreviousSha256)) == appliedSha256;
    }

    public void RecallPrevious()
    {
        foreach (var file in files) file.RecallPrevious();
    }

    public void Swap()
    {
        foreach (var file in files) file.Swap();
    }

    private static string? Combined(IEnumerable<string?> hashes)
    {
        var all = hashes.ToArray();
        return all is [var only] ? only
            : Array.Exists(all, hash => hash is null) ? null
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', all))));
    }
}
