using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Providers;

/// <param name="Contact">Where the operator reaches the people who run the filter. Personal data: never in the audit log.</param>
/// <param name="Lists">Ids of the lists that it may download.</param>
internal sealed record RegisterProviderRequest(string Name, string Contact, IReadOnlyList<string> Lists);

/// <summary>Adds a provider that may download some lists. It can do nothing until a certificate of it is enrolled.</summary>
internal sealed class RegisterProvider(IDbContextFactory<BlockListDb> databases, TimeProvider time)
{
    private const int LongestText = 200;

    public async Task<RegisterProviderOutcome> RunAsync(RegisterProviderRequest request, string actor, CancellationToken cancellationToken)
    {
        var name = request.Name.Trim();
        var contact = request.Contact.Trim();
        if (!IsText(name)) return new RegisterProviderOutcome.NameUnfit();
        if (!IsText(contact)) return new RegisterProviderOutcome.ContactUnfit();

        var lists = request.Lists.Distinct(StringComparer.Ordinal).ToArray();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Providers.AnyAsync(p => p.Name == name, cancellationToken)) return new RegisterProviderOutcome.NameTaken();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        var provider = new Provider { Id = Guid.CreateVersion7(now), Name = name, Contact = contact, CreatedAt = now };
        db.Add(provider);
        db.AddRange(lists.Select(list => new ProviderList { ProviderId = provider.Id, List = list }));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException problem) when (ProviderChange.IsDuplicate(problem)) // by someone at the same moment
        {
            return new RegisterProviderOutcome.NameTaken();
        }
        catch (DbUpdateException problem) when (ProviderChange.IsDangling(problem))
        {
            return new RegisterProviderOutcome.NoSuchList();
        }
        var detail = new JsonObject { ["lists"] = new JsonArray([.. lists.Select(l => (JsonNode)l)]) };
        await db.CommitWithAuditAsync(transaction, actor, "provider.register", provider.Id.ToString(), detail, cancellationToken);
        return new RegisterProviderOutcome.Registered(provider.Id);
    }

    /// <summary>A name that reads as an id would be found as one.</summary>
    private static bool IsText(string text) => text.Length is > 0 and <= LongestText && !text.Any(char.IsControl) && !Guid.TryParse(text, out _);
}

internal abstract record RegisterProviderOutcome
{
    private RegisterProviderOutcome()
    {
    }

    internal sealed record Registered(Guid Id) : RegisterProviderOutcome;

    internal sealed record NameUnfit : RegisterProviderOutcome;

    internal sealed record ContactUnfit : RegisterProviderOutcome;

    internal sealed record NameTaken : RegisterProviderOutcome;

    /// <summary>One of the lists does not exist. This module does not know lists; the database does.</summary>
    internal sealed record NoSuchList : RegisterProviderOutcome;
}
