using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>Makes an invitation's link useless.</summary>
internal sealed class RevokeInvitation(IDbContextFactory<BlockListDb> contexts, TimeProvider clock)
{
    public async Task<InvitationChange> RunAsync(Guid id, Viewer viewer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Invitations.Where(i => i.Id == id).Join(db.People, i => i.Person, p => p.Id, (i, p) => new { i, p }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (found is null) return InvitationChange.NoSuchInvitation;
        // Whoever may say yes to a recovery may say no.
        if (!Authority.CanInvite(viewer, found.p) && !(found.i.WaitsForApproval && Authority.CanApprove(viewer, found.p, found.i))) return InvitationChange.NotTheirs;

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var changed = await db.Invitations.Where(i => i.Id == id && i.UsedAt == null && i.RevokedAt == null).ExecuteUpdateAsync(change => change.SetProperty(i => i.RevokedAt, now), cancellationToken);
        if (changed == 0) return InvitationChange.NotOpen;
        await db.CommitAsync(transaction, viewer.Person, "invitation.revoke", found.p.Id, new JsonObject { ["invitation"] = id.ToString() }, cancellationToken);
        return InvitationChange.Done;
    }
}
