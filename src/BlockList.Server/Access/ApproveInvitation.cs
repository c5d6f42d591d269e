using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>The second person of a recovery says that it is really them who comes back.</summary>
internal sealed class ApproveInvitation(IDbContextFactory<BlockListDb> contexts, TimeProvider clock)
{
    public async Task<InvitationChange> RunAsync(Guid id, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Invitations.Where(i => i.Id == id).Join(db.People, i => i.Person, p => p.Id, (i, p) => new { i, p }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (found is null) return InvitationChange.NoSuchInvitation;
        if (!Authority.CanApprove(viewer, found.p, found.i)) return InvitationChange.NotTheirs;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var changed = await db.Invitations.Where(i => i.Id == id && i.Kind == Invitation.Recovery && i.ApprovedAt == null && i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now)
            .ExecuteUpdateAsync(change => change.SetProperty(i => i.ApprovedBy, viewer.Person).SetProperty(i => i.ApprovedAt, now), cancellationToken);
        if (changed == 0) return InvitationChange.NotOpen;
        await db.CommitAsync(transaction, viewer.Person, "invitation.approve", found.p.Id, new JsonObject { ["invitation"] = id.ToString() }, cancellationToken);
        return InvitationChange.Done;
    }
}

internal enum InvitationChange
{
    Done,
    NoSuchInvitation,

    /// <summary>The viewer may not; or is the one who invited, or the one who returns.</summary>
    NotTheirs,

    /// <summary>Used, revoked, too old, or approved already.</summary>
    NotOpen,
}
