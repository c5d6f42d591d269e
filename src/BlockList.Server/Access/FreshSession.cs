using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>Changing how one signs in takes a sign-in of a moment ago: a screen left open is not enough.</summary>
internal static class FreshSession
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static Task<bool> IsAsync(BlockListDb db, Viewer viewer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = now - Lifetime;
        return db.BrowserSessions.AnyAsync(s => s.Id == viewer.Session && s.CreatedAt > oldest, cancellationToken);
    }
}
