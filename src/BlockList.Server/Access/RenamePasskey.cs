using System.Text.Json.Nodes;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>Calls a passkey of one's own something else.</summary>
internal sealed class RenamePasskey(IDbContextFactory<BlockListDb> contexts)
{
    /// <returns>False where there is no such passkey or the name is empty, too long or has characters that are not seen.</returns>
    public async Task<bool> RunAsync(string label, string? typed, Viewer viewer, CancellationToken cancellationToken)
    {
        if (typed?.Trim() is not { Length: > 0 and <= RegisterPasskey.LongestName } name || !VisibleText.IsLabel(name)) return false;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var own = await db.Passkeys.AsNoTracking().Where(p => p.Person == viewer.Person).Select(p => p.Id).ToListAsync(cancellationToken);
        if (own.Find(id => Passkey.Label(id) == label) is not { } passkey) return false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Passkeys.Where(p => p.Id == passkey).ExecuteUpdateAsync(change => change.SetProperty(p => p.Name, name), cancellationToken);
        await db.CommitAsync(transaction, viewer.Person, "passkey.rename", viewer.Person, new JsonObject { ["passkey"] = label }, cancellationToken);
        return true;
    }
}
