using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Providers;

/// <summary>A provider by what a person types: its name or its id.</summary>
internal static class FindProvider
{
    public static Task<Provider?> FindProviderAsync(this BlockListDb db, string nameOrId, CancellationToken cancellationToken) =>
        Guid.TryParse(nameOrId, out var id)
            ? db.Providers.SingleOrDefaultAsync(p => p.Id == id, cancellationToken)
            : db.Providers.SingleOrDefaultAsync(p => p.Name == nameOrId, cancellationToken);
}
