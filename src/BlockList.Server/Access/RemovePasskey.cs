using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Access;

/// <summary>Takes a passkey of one's own away, and ends what it opened elsewhere. The last one stays.</summary>
internal sealed class RemovePasskey(IDbContextFactory<BlockListDb> contexts, TimeProvider clock)
{
    /// <param name="label">Of the passkey, see <see cref="Passkey.Label"/>.</param>
    /// <param name="viewer">Whose it is.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<RemovePasskeyOutcome> RunAsync(string label, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await FreshSession.IsAsync(db, viewer, clock.GetUtcNow(), cancellationToken)) return RemovePasskeyOutcome.SignInFirst;
        var own = await db.Passkeys.AsNoTracking().Where(p => p.Person == viewer.Person).Select(p => p.Id).ToListAsync(cancellationToken);
        if (own.Find(id => Passkey.Label(id) == label) is not { } passkey) return RemovePasskeyOutcome.NoSuchPasskey;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            if (await db.Passkeys.Where(p => p.Id == passkey && p.Person == viewer.Person).ExecuteDeleteAsync(cancellationToken) == 0) return RemovePasskeyOutcome.NoSuchPasskey;
        }
        catch (PostgresException refusal) when (refusal.ConstraintName == "passkey_last_one_stays")
        {
            return RemovePasskeyOutcome.LastOne;
        }
        var now = clock.GetUtcNow();
        var ended = await db.BrowserSessions.Where(s => s.Person == viewer.Person && s.Passkey == passkey && s.EndedAt == null && s.Id != viewer.Session)
            .ExecuteUpdateAsync(change => change.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndedBecause, "passkey-removed"), cancellationToken);
        await db.CommitAsync(transaction, viewer.Person, "passkey.remove", viewer.Person, new JsonObject { ["passkey"] = label, ["sessionsEnded"] = ended }, cancellationToken);
        return RemovePasskeyOutcome.Removed;
    }
}

internal enum RemovePasskeyOutcome
{
    Removed,
    NoSuchPasskey,
    LastOne,
    SignInFirst,
}
