using BlockList.Format.Lists;
using BlockList.Server.Publishing;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>The lists of versions, by their hashes; the newest few stay in memory, since each next version is compared with one.</summary>
internal sealed class SignedLists
{
    /// <summary>Of each list the one before and the one that is proposed.</summary>
    private const int Kept = 8;

    private readonly LinkedList<(string Sha256, ListFile List)> newest = new();

    public void Keep(string sha256, ListFile list)
    {
        if (newest.Any(kept => kept.Sha256 == sha256)) return;
        newest.AddFirst((sha256, list));
        if (newest.Count > Kept) newest.RemoveLast();
    }

    /// <summary>What a candidate goes on from; empty for the first version.</summary>
    /// <exception cref="ObjectionException">It is not there any more.</exception>
    public async Task<ListFile> BeforeAsync(NpgsqlConnection connection, Candidate asked, CancellationToken cancellationToken) =>
        asked.Previous is { } before ? await ReadAsync(connection, asked.List, before.Sha256, cancellationToken) : ListFile.Empty;

    /// <exception cref="ObjectionException">It is not there any more.</exception>
    public async Task<ListFile> ReadAsync(NpgsqlConnection connection, string list, string sha256, CancellationToken cancellationToken)
    {
        foreach (var kept in newest)
            if (kept.Sha256 == sha256) return kept.List;
        var read = ListFile.Take(await VerifyingRecord.ListAsync(connection, list, sha256, cancellationToken));
        Keep(sha256, read);
        return read;
    }
}
