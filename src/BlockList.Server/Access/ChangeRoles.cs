using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Access;

/// <param name="Person">Whose.</param>
/// <param name="Roles">All that they have from now on.</param>
/// <param name="Leaves">They have left: no roles, no sign-in, for good. Their row stays, since decisions point to it.</param>
internal sealed record ChangeRolesRequest(string Person, IReadOnlyList<string> Roles, bool Leaves = false);

/// <summary>Gives and takes roles. What is taken is gone with the person's next request; without any role their sessions end.</summary>
internal sealed class ChangeRoles(IDbContextFactory<BlockListDb> contexts, TimeProvider clock)
{
    public async Task<ChangeRolesOutcome> RunAsync(ChangeRolesRequest request, Viewer viewer, CancellationToken cancellationToken)
    {
        if (request.Person == viewer.Person) return new ChangeRolesOutcome.Themselves();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == request.Person, cancellationToken) is not { } person) return new ChangeRolesOutcome.NoSuchPerson();
        var roles = request.Leaves ? [] : request.Roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (RoleRules.ProblemOf(roles, person.Agency) is { } problem) return new ChangeRolesOutcome.Unfit(problem);
        if (request.Leaves ? !Authority.CanDismiss(viewer, person) : !person.Roles.Except(roles).Concat(roles.Except(person.Roles)).All(Authority.RolesToGive(viewer, person.Agency).Contains))
            return new ChangeRolesOutcome.NotTheirs();

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        try
        {
            await db.Database.ExecuteSqlAsync($"select access.change_roles({viewer.Person}, {person.Id}, {roles}, {(request.Leaves ? now : null)}::timestamptz)", cancellationToken);
        }
        catch (PostgresException refusal) when (refusal.ConstraintName is "person_roles_by_another" or "person_roles_within_authority" or "person_left_for_good")
        {
            // The viewer's or the person's row changed since it was read.
            return new ChangeRolesOutcome.NotTheirs();
        }
        var ended = roles.Length == 0 ? await db.EndSessionsAsync(person.Id, "role-changed", now, cancellationToken) : 0;
        if (request.Leaves) await db.Invitations.Where(i => i.Person == person.Id && i.UsedAt == null && i.RevokedAt == null).ExecuteUpdateAsync(change => change.SetProperty(i => i.RevokedAt, now), cancellationToken);
        await db.CommitAsync(transaction, viewer.Person, request.Leaves ? "person.leave" : "roles.change", person.Id,
            new JsonObject { ["before"] = string.Join(' ', person.Roles), ["after"] = string.Join(' ', roles), ["sessionsEnded"] = ended }, cancellationToken);
        return new ChangeRolesOutcome.Changed();
    }
}

internal abstract record ChangeRolesOutcome
{
    private ChangeRolesOutcome()
    {
    }

    internal sealed record Changed : ChangeRolesOutcome;

    internal sealed record NoSuchPerson : ChangeRolesOutcome;

    internal sealed record Themselves : ChangeRolesOutcome;

    internal sealed record NotTheirs : ChangeRolesOutcome;

    internal sealed record Unfit(string Problem) : ChangeRolesOutcome;
}
