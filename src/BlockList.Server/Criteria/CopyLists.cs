using BlockList.Format.Statements;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Criteria;

/// <summary>Copies lists and criteria of a register into their tables, inside the caller's transaction.</summary>
internal static class CopyLists
{
    public static async Task RunAsync(BlockListDb db, AgencyRegister register, CancellationToken cancellationToken)
    {
        var texts = CriteriaTexts.BuiltIn;
        var lists = await db.Lists.ToDictionaryAsync(l => l.Id, cancellationToken);
        var versions = await db.CriteriaVersions.Select(v => new { v.List, v.Version }).ToHashSetAsync(cancellationToken);
        foreach (var list in register.Lists.Values)
        {
            var assessed = list.TestDomain is null;
            if (!lists.TryGetValue(list.Id, out var row)) db.Lists.Add(row = new ListParameters { Id = list.Id });
            row.AgenciesNeeded = assessed ? list.AgenciesNeeded : null;
            row.CountriesNeeded = assessed ? list.CountriesNeeded : null;
            row.LeaseMonths = assessed ? list.LeaseMonths : null;
            row.Country = list.Country;
            row.TestDomain = list.TestDomain?.Ascii;
            foreach (var criteria in list.Criteria.Where(c => !versions.Contains(new { List = list.Id, c.Version }) && texts.ContainsKey(c.Sha256)))
                db.CriteriaVersions.Add(new CriteriaVersion { List = list.Id, Version = criteria.Version, Sha256 = criteria.Sha256, DecidedByCurator = [.. criteria.DecidedByCurator], Text = texts[criteria.Sha256] });
        }
        await db.SaveChangesAsync(cancellationToken);
    }
}
