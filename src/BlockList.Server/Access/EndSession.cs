using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>Ends sessions: one's own, one by one; or all of a person, by an administrator of theirs.</summary>
internal sealed class EndSession(IDbContextFactory<BlockListDb> contexts, TimeProvider clock)
{
    /// <returns>False where it is not the viewer's, or ended before.</returns>
    public async Task<bool> RunAsync(Guid session, Viewer viewer, bool signsOut, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (now, because) = (clock.GetUtcNow(), signsOut ? "signed-out" : "ended-by-person");
        var changed = await db.BrowserSessions.Where(s => s.Id == session && s.Person == viewer.Person && s.EndedAt == null)
            .ExecuteUpdateAsync(change => change.SetProperty(s => s.EndedAt, now).SetProperty(s => s.EndedBecause, because), cancellationToken);
        if (changed == 0) return false;
        await db.CommitAsync(transaction, viewer.Person, signsOut ? "sign-out" : "session.end", viewer.Person, new JsonObject { ["session"] = session.ToString() }, cancellationToken);
        return true;
    }

    /// <returns>How many ended, or null where the viewer may not.</returns>
    public async Task<int?> RunForAsync(string id, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } person || !Authority.CanInvite(viewer, person)) return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ended = await db.EndSessionsAsync(id, "ended-by-administrator", clock.GetUtcNow(), cancellationToken);
        await db.CommitAsync(transaction, viewer.Person, "session.end-all", id, new JsonObject { ["sessionsEnded"] = ended }, cancellationToken);
        return ended;
    }
}
