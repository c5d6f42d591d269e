using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Providers;

/// <param name="Provider">Name or id.</param>
/// <param name="End">True lifts the suspension.</param>
internal sealed record SuspendProviderRequest(string Provider, bool End = false);

/// <summary>Stops a provider's downloads at once, or lets them go on. Its certificates stay as they are.</summary>
internal sealed class SuspendProvider(IDbContextFactory<BlockListDb> databases, TimeProvider time)
{
    public async Task<SuspendProviderOutcome> RunAsync(SuspendProviderRequest request, string actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.FindProviderAsync(request.Provider, cancellationToken) is not { } provider) return new SuspendProviderOutcome.NoSuchProvider();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset? since = request.End ? null : time.GetUtcNow();
        var changed = await db.Providers.Where(p => p.Id == provider.Id && (p.SuspendedAt == null) != request.End)
            .ExecuteUpdateAsync(change => change.SetProperty(p => p.SuspendedAt, since), cancellationToken);
        if (changed == 0) return new SuspendProviderOutcome.Unchanged();
        await db.CommitWithAuditAsync(transaction, actor, request.End ? "provider.end-suspension" : "provider.suspend", provider.Id.ToString(), detail: null, cancellationToken);
        return new SuspendProviderOutcome.Done();
    }
}

internal abstract record SuspendProviderOutcome
{
    private SuspendProviderOutcome()
    {
    }

    internal sealed record Done : SuspendProviderOutcome;

    internal sealed record Unchanged : SuspendProviderOutcome;

    internal sealed record NoSuchProvider : SuspendProviderOutcome;
}
