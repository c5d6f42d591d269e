using BlockList.Format.Statements;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>Copies agencies, people and credentials of a register into their tables, inside the caller's transaction.</summary>
internal static class CopyPeople
{
    public static async Task RunAsync(BlockListDb db, AgencyRegister register, CancellationToken cancellationToken)
    {
        var agencies = await db.Agencies.ToDictionaryAsync(a => a.Id, cancellationToken);
        foreach (var agency in register.Agencies.Values)
        {
            if (agencies.TryGetValue(agency.Id, out var known)) (known.Name, known.Country) = (agency.Name, agency.Country);
            else db.Agencies.Add(new Agency { Id = agency.Id, Name = agency.Name, Country = agency.Country });
        }
        await db.SaveChangesAsync(cancellationToken);
        var people = await db.People.Select(p => p.Id).ToHashSetAsync(cancellationToken);
        var credentials = await db.Credentials.ToDictionaryAsync(c => c.Id, cancellationToken);
        foreach (var credential in register.Credentials.Values)
        {
            // The register names its people with their roles; whom it names later, an administrator has let in before.
            if (people.Add(credential.Person))
                db.People.Add(new Person { Id = credential.Person, Agency = credential.Agency, Name = credential.Person, Roles = [.. credential.Roles] });
            if (credentials.TryGetValue(credential.Id, out var known)) known.Roles = [.. credential.Roles];
            else db.Credentials.Add(new Credential { Id = credential.Id, Person = credential.Person, Agency = credential.Agency, PublicKey = credential.PublicKey, Roles = [.. credential.Roles] });
        }
        // Whoever left keeps the row that old decisions point to, and may decide nothing any more.
        foreach (var gone in credentials.Values.Where(c => !register.Credentials.ContainsKey(c.Id))) gone.Roles = [];
        await db.SaveChangesAsync(cancellationToken);
    }
}
