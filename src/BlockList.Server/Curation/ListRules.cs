using BlockList.Format.Statements;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation;

/// <summary>A list's parameters and the agencies that decide on it, from the copies of the register: what the formula is asked with here.
/// The publisher asks it with the register itself.</summary>
internal sealed record ListRules(RegisteredList List, IReadOnlyDictionary<string, RegisteredAgency> Agencies)
{
    /// <summary>Null where there is no such list, or one that takes no decisions.</summary>
    public static async Task<ListRules?> ReadAsync(BlockListDb db, string id, CancellationToken cancellationToken)
    {
        var list = await db.Lists.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancellationToken);
        if (list is not { AgenciesNeeded: { } agenciesNeeded, CountriesNeeded: { } countriesNeeded, LeaseMonths: { } leaseMonths }) return null;
        var criteria = await db.CriteriaVersions.AsNoTracking().Where(v => v.List == id).OrderBy(v => v.Version).ToListAsync(cancellationToken);
        var agencies = await db.Agencies.AsNoTracking().ToListAsync(cancellationToken);
        var rules = new RegisteredList
        {
            Id = id,
            AgenciesNeeded = agenciesNeeded,
            CountriesNeeded = countriesNeeded,
            LeaseMonths = leaseMonths,
            Country = list.Country,
            Criteria = [.. criteria.Select(c => new AcceptedCriteria(c.Version, c.Sha256, c.DecidedByCurator))],
        };
        return new ListRules(rules, agencies.Select(a => new RegisteredAgency(a.Id, a.Name, a.Country)).Where(rules.IsOpenTo).ToDictionary(a => a.Id, StringComparer.Ordinal));
    }
}
