using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Providers;

/// <param name="Provider">Name or id.</param>
/// <param name="List">Which it may download from now on.</param>
/// <param name="End">True: no more.</param>
internal sealed record GrantListRequest(string Provider, string List, bool End = false);

/// <summary>Lets a provider download one more list, or one less, with the next request. What it enforces of a list that is taken from it, it enforces on.</summary>
internal sealed class GrantList(IDbContextFactory<BlockListDb> databases)
{
    public async Task<GrantListOutcome> RunAsync(GrantListRequest request, string actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.FindProviderAsync(request.Provider, cancellationToken) is not { } provider) return new GrantListOutcome.NoSuchProvider();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var granted = db.ProviderLists.Where(l => l.ProviderId == provider.Id && l.List == request.List);
        try
        {
            if (request.End)
            {
                if (await granted.ExecuteDeleteAsync(cancellationToken) == 0) return new GrantListOutcome.Unchanged();
            }
            else
            {
                if (await granted.AnyAsync(cancellationToken)) return new GrantListOutcome.Unchanged();
                db.ProviderLists.Add(new ProviderList { ProviderId = provider.Id, List = request.List });
                await db.SaveChangesAsync(cancellationToken);
            }
        }
        catch (DbUpdateException problem) when (ProviderChange.IsDuplicate(problem))
        {
            return new GrantListOutcome.Unchanged();
        }
        catch (DbUpdateException problem) when (ProviderChange.IsDangling(problem))
        {
            return new GrantListOutcome.NoSuchList();
        }
        await db.CommitWithAuditAsync(transaction, actor, request.End ? "provider.end-grant" : "provider.grant", provider.Id.ToString(), new JsonObject { ["list"] = request.List }, cancellationToken);
        return new GrantListOutcome.Done();
    }
}

internal abstract record GrantListOutcome
{
    private GrantListOutcome()
    {
    }

    internal sealed record Done : GrantListOutcome;

    internal sealed record Unchanged : GrantListOutcome;

    internal sealed record NoSuchProvider : GrantListOutcome;

    internal sealed record NoSuchList : GrantListOutcome;
}
