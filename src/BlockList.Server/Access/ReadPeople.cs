using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>People as pages show them: everyone sees who is who; invitations and sessions are for who can act on them.</summary>
internal sealed class ReadPeople(IDbContextFactory<BlockListDb> contexts, TimeProvider clock)
{
    public async Task<PeopleModel> AllAsync(Viewer viewer, AddPersonRequest? typed, IReadOnlyList<FieldError> errors, string? done, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var agencies = await db.Agencies.AsNoTracking().OrderBy(a => a.Country).ThenBy(a => a.Name).ToListAsync(cancellationToken);
        var people = await db.People.AsNoTracking().ToListAsync(cancellationToken);
        people.Sort((one, other) => string.Compare(one.Name, other.Name, StringComparison.OrdinalIgnoreCase) is not 0 and var order ? order : string.CompareOrdinal(one.Id, other.Id));
        var able = await db.Passkeys.Select(p => p.Person).Distinct().ToHashSetAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var open = await db.Invitations.AsNoTracking().Where(i => i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now).ToDictionaryAsync(i => i.Person, cancellationToken);
        var rows = people.Select(p => new PersonRow(p, able.Contains(p.Id), open.GetValueOrDefault(p.Id) is { } invitation && CanSee(viewer, p, invitation) ? invitation : null)).ToLookup(row => row.Person.Agency);
        PeopleGroup[] groups = [.. agencies.OrderBy(a => a.Id != viewer.Agency).Select(a => new PeopleGroup(a, [.. rows[a.Id]])), new PeopleGroup(null, [.. rows[null]])];
        return new PeopleModel(groups, [.. people.Where(p => open.ContainsKey(p.Id)).Select(p => (p, open[p.Id])).Where(w => w.Item2.WaitsForApproval && Authority.CanApprove(viewer, w.p, w.Item2))], typed, errors, done);
    }

    public async Task<PersonModel?> OneAsync(string id, Viewer viewer, IReadOnlyList<string>? typed, IReadOnlyList<FieldError> errors, string? done, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } person) return null;
        var now = clock.GetUtcNow();
        var invitation = await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.Person == id && i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now, cancellationToken);
        if (invitation is not null && !CanSee(viewer, person, invitation)) invitation = null;
        return new PersonModel(person,
            await db.Agencies.Where(a => a.Id == person.Agency).Select(a => a.Name).SingleOrDefaultAsync(cancellationToken),
            [.. (await db.Credentials.Where(c => c.Person == id).Select(c => c.Roles).ToListAsync(cancellationToken)).SelectMany(r => r).Distinct().Order(StringComparer.Ordinal)],
            await db.Passkeys.CountAsync(p => p.Person == id, cancellationToken),
            await db.BrowserSessions.CountAsync(s => s.Person == id && s.EndedAt == null && s.ExpiresAt > now, cancellationToken),
            invitation,
            invitation is null ? null : await NameAsync(db, invitation.InvitedBy, cancellationToken),
            invitation?.ApprovedBy is { } approver ? await NameAsync(db, approver, cancellationToken) : null,
            typed, errors, done);
    }

    public async Task<Person?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken);
    }

    private static bool CanSee(Viewer viewer, Person person, Invitation invitation) => Authority.CanInvite(viewer, person) || Authority.CanApprove(viewer, person, invitation);

    private static Task<string?> NameAsync(BlockListDb db, string id, CancellationToken cancellationToken) => db.People.Where(p => p.Id == id).Select(p => p.Name).SingleOrDefaultAsync(cancellationToken);
}
