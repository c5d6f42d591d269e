using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Criteria;

/// <summary>Lists that one country keeps for itself: only its agencies decide there.</summary>
internal static class NationalLists
{
    /// <summary>Why the agency cannot decide on the list, in a sentence; null where it can, or where there is no such list.</summary>
    public static async Task<string?> FindObjectionAsync(BlockListDb db, string list, string agency, CancellationToken cancellationToken)
    {
        var country = await db.Lists.AsNoTracking().Where(l => l.Id == list && l.Country != null && !db.Agencies.Any(a => a.Id == agency && a.Country == l.Country))
            .Select(l => l.Country).FirstOrDefaultAsync(cancellationToken);
        return country is null ? null : $"The list {list} is the national list of {country}: only agencies of that country decide on it. Nothing was changed. Choose another list.";
    }
}
