using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Criteria;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Copies agencies, people, credentials, lists and criteria of a register into tables, for display and for the
/// constraints of received decisions. Nothing is published by these copies.</summary>
internal sealed class LoadRegisterCopy(IDbContextFactory<BlockListDb> contexts)
{
    /// <param name="register">The register, its signatures checked by the caller.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task RunAsync(AgencyRegister register, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var agencies = await db.Agencies.ToDictionaryAsync(a => a.Id, cancellationToken);
        foreach (var agency in register.Agencies.Values)
        {
            if (agencies.TryGetValue(agency.Id, out var known)) (known.Name, known.Country) = (agency.Name, agency.Country);
            else db.Agencies.Add(new Agency { Id = agency.Id, Name = agency.Name, Country = agency.Country });
        }
        await db.SaveChangesAsync(cancellationToken);
        await CopyPeopleAsync(db, register, cancellationToken);
        await CopyListsAsync(db, register, CriteriaTexts.BuiltIn, cancellationToken);
        await AuditLog.AppendAsync((NpgsqlConnection)db.Database.GetDbConnection(), "operator", "register.copy", $"register {register.Version}", null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CopyPeopleAsync(BlockListDb db, AgencyRegister register, CancellationToken cancellationToken)
    {
        var people = await db.People.Select(p => p.Id).ToHashSetAsync(cancellationToken);
        var credentials = await db.Credentials.ToDictionaryAsync(c => c.Id, cancellationToken);
        foreach (var credential in register.Credentials.Values)
        {
            if (people.Add(credential.Person))
                db.People.Add(new Person { Id = credential.Person, Agency = credential.Agency, Name = credential.Person });
            if (credentials.TryGetValue(credential.Id, out var known)) known.Roles = [.. credential.Roles];
            else db.Credentials.Add(new Credential { Id = credential.Id, Person = credential.Person, Agency = credential.Agency, PublicKey = credential.PublicKey, Roles = [.. credential.Roles] });
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task CopyListsAsync(BlockListDb db, AgencyRegister register, IReadOnlyDictionary<string, string> texts, CancellationToken cancellationToken)
    {
        var lists = await db.Lists.ToDictionaryAsync(l => l.Id, cancellationToken);
        var versions = await db.CriteriaVersions.Select(v => new { v.List, v.Version }).ToHashSetAsync(cancellationToken);
        foreach (var list in register.Lists.Values)
        {
            var assessed = list.TestDomain is null;
            if (!lists.TryGetValue(list.Id, out var row)) db.Lists.Add(row = new ListParameters { Id = list.Id });
            row.AgenciesNeeded = assessed ? list.AgenciesNeeded : null;
            row.CountriesNeeded = assessed ? list.CountriesNeeded : null;
            row.LeaseMonths = assessed ? list.LeaseMonths : null;
            row.TestDomain = list.TestDomain?.Ascii;
            foreach (var criteria in list.Criteria.Where(c => !versions.Contains(new { List = list.Id, c.Version }) && texts.ContainsKey(c.Sha256)))
                db.CriteriaVersions.Add(new CriteriaVersion { List = list.Id, Version = criteria.Version, Sha256 = criteria.Sha256, DecidedByCurator = [.. criteria.DecidedByCurator], Text = texts[criteria.Sha256] });
        }
        await db.SaveChangesAsync(cancellationToken);
    }
}
