using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <param name="Id">What decisions and the audit log call them.</param>
/// <param name="Name">As people know them.</param>
/// <param name="Agency">Id; null for people of the operator.</param>
/// <param name="Roles">Of <see cref="RoleNames"/>; one at least.</param>
internal sealed record AddPersonRequest(string Id, string Name, string? Agency, IReadOnlyList<string> Roles);

/// <summary>Makes the account of someone who is to be invited.</summary>
internal sealed partial class AddPerson(IDbContextFactory<BlockListDb> contexts, TimeProvider clock)
{
    public const int LongestName = 100;

    public async Task<AddPersonOutcome> RunAsync(AddPersonRequest request, Viewer viewer, CancellationToken cancellationToken) =>
        request.Roles.All(Authority.RolesToGive(viewer, request.Agency).Contains) ? await RunAsync(request, viewer.Person, cancellationToken) : new AddPersonOutcome.NotTheirs();

    /// <param name="request">Whom.</param>
    /// <param name="actor">A person who may, or <c>operator:</c> and a login for a command.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<AddPersonOutcome> RunAsync(AddPersonRequest request, string actor, CancellationToken cancellationToken)
    {
        if (!IdForm().IsMatch(request.Id)) return new AddPersonOutcome.Unfit("id", "An id has 1 to 64 lower-case letters, digits, dots and hyphens, and begins with a letter or digit: anna.berg. It stands in decisions and never changes.");
        if (request.Name.Length is 0 or > LongestName || !VisibleText.IsLabel(request.Name)) return new AddPersonOutcome.Unfit("name", $"A name has 1 to {LongestName} characters on one line, all of them visible. Write it as colleagues know the person.");
        if (request.Roles.Count == 0) return new AddPersonOutcome.Unfit("roles", "Nobody signs in without a role. Choose one at least.");
        if (RoleRules.ProblemOf([.. request.Roles], request.Agency) is { } problem) return new AddPersonOutcome.Unfit("roles", problem);

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (request.Agency is { } agency && !await db.Agencies.AnyAsync(a => a.Id == agency, cancellationToken))
            return new AddPersonOutcome.Unfit("agency", $"There is no agency “{agency}”. Agencies come from the signed register.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.People.Add(new Person { Id = request.Id, Name = request.Name, Agency = request.Agency, Roles = [.. request.Roles.Order(StringComparer.Ordinal)], CreatedAt = clock.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException duplicate) when (AccessChange.ConstraintOf(duplicate) == "person_pkey")
        {
            return new AddPersonOutcome.IdTaken();
        }
        await db.CommitAsync(transaction, actor, "person.add", request.Id, new JsonObject { ["roles"] = string.Join(' ', request.Roles), ["agency"] = request.Agency }, cancellationToken);
        return new AddPersonOutcome.Added();
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}

internal abstract record AddPersonOutcome
{
    private AddPersonOutcome()
    {
    }

    internal sealed record Added : AddPersonOutcome;

    internal sealed record IdTaken : AddPersonOutcome;

    /// <param name="Field">Which one.</param>
    /// <param name="Problem">What is wrong with it and how to mend it.</param>
    internal sealed record Unfit(string Field, string Problem) : AddPersonOutcome;

    internal sealed record NotTheirs : AddPersonOutcome;
}
