using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Takes a root that the holders signed off line: a list's first, or the next of a rotation. It is served at
/// once; metadata is signed under it from the next run on.</summary>
internal sealed class TakeRoot(NpgsqlDataSource database, IDbContextFactory<BlockListDb> contexts, PinnedRegister pinned, OnlineKeys keys, TimeProvider clock)
{
    /// <returns>List and version of the root.</returns>
    /// <exception cref="SigningException">Not a root of this deployment, not the next one, or not signed as it must be.</exception>
    public async Task<RootDocument> RunAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var register = await pinned.TakeAsync(cancellationToken);
        RootDocument root;
        try
        {
            root = new TrustedMetadata(bytes, clock.GetUtcNow()).Root;
        }
        catch (RefusedException problem)
        {
            throw new SigningException($"This is no root: {problem.Message}", problem);
        }
        if (root.Deployment != register.Deployment || !register.Lists.ContainsKey(root.List))
            throw new SigningException($"This root is for list {root.List} of deployment {root.Deployment}; the register has no such list.");
        if (!SignedDocument.Parse(bytes).ReachesThreshold(pinned.Roots.Role, pinned.Roots.Keys))
            throw new SigningException("This root does not bear enough signatures of the root holders whose keys are pinned in [Publishing] RegisterRoots.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await RequireNextAsync(db, root, bytes, cancellationToken);
        // Signing with keys that the root does not name would lock every client out: find out now.
        keys.Of(root.List, root).RequireAll();

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CommitMetadata.StoreAsync(connection, root.List, $"tuf/{root.Version}.root.json", bytes, cancellationToken);
        await AuditLog.AppendAsync(connection, "publisher", "root.take", $"{root.List} root {root.Version}", null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return root;
    }

    private async Task RequireNextAsync(BlockListDb db, RootDocument root, byte[] bytes, CancellationToken cancellationToken)
    {
        var known = await db.PublishedFiles.AsNoTracking()
            .Where(f => f.List == root.List && f.Path.StartsWith("tuf/") && f.Path.EndsWith(".root.json")).Select(f => f.Content).ToListAsync(cancellationToken);
        if (known.Any(k => k.AsSpan().SequenceEqual(bytes))) return;
        var newest = known.MaxBy(k => RootDocument.Parse(SignedDocument.Parse(k).Signed).Version);
        if (newest is null)
        {
            if (root.Version != 1) throw new SigningException($"List {root.List} has no root yet, and this one has version {root.Version}. Take root 1 first.");
            return;
        }
        try
        {
            var before = new TrustedMetadata(newest, clock.GetUtcNow());
            var hadLog = before.Root.LogKey is not null;
            before.UpdateRoot(bytes);
            if (hadLog && root.LogKey is null)
                throw new SigningException($"This root names no log key, and root {root.Version - 1} does. A log does not end: what is signed outside of it, nobody could compare. Sign a root that names one.");
        }
        catch (RefusedException problem)
        {
            throw new SigningException($"Clients would refuse this root: {problem.Message}", problem);
        }
    }
}
