using System.Text.Json.Nodes;
using BlockList.Server.Data;
using BlockList.Server.Http.Pages;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <param name="Http">The request, for what the passkey handler compares.</param>
/// <param name="Browser">Form token of the browser.</param>
/// <param name="Ceremony">As it was begun.</param>
/// <param name="Credential">What the browser answered, JSON.</param>
/// <param name="Name">What the person calls the passkey; may be empty.</param>
/// <param name="RemoveEarlier">After a loss: no earlier passkey signs in any more.</param>
internal sealed record RegisterPasskeyRequest(HttpContext Http, string Browser, string? Ceremony, string? Credential, string? Name, bool RemoveEarlier = false);

/// <summary>Takes a new passkey: of who holds an invitation, and is signed in by it, or of who has just signed in.</summary>
internal sealed class RegisterPasskey(IDbContextFactory<BlockListDb> contexts, Sessions sessions, Ceremonies ceremonies, IPasskeyHandler<Person> passkeys, TimeProvider clock)
{
    public const int LongestName = 60;

    /// <summary>So many passkeys one person can have: a device each, and a spare in the safe.</summary>
    private const int Most = 12;

    /// <returns>Ceremony and the options for <c>navigator.credentials.create</c>.</returns>
    public async Task<(string Ceremony, string Options)> BeginAsync(Person person, Guid? invitation, HttpContext http, string browser, CancellationToken cancellationToken)
    {
        var options = await passkeys.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = PasskeyStore.HandleOf(person), Name = person.Id, DisplayName = person.Name }, http);
        return (await ceremonies.BeginAsync(Ceremonies.Register, options.AttestationState!, browser, person.Id, invitation, cancellationToken), options.CreationOptionsJson);
    }

    /// <param name="request">What the browser answered.</param>
    /// <param name="invitation">By whose link, or null for the viewer's own.</param>
    /// <param name="viewer">Who is signed in, if anyone.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<RegisterPasskeyOutcome> RunAsync(RegisterPasskeyRequest request, Invitation? invitation, Viewer? viewer, CancellationToken cancellationToken)
    {
        if (await ceremonies.TakeAsync(Ceremonies.Register, request.Ceremony, request.Browser, cancellationToken) is not { } ceremony
            || ceremony.Invitation != invitation?.Id || ceremony.Person != (invitation?.Person ?? viewer?.Person)) return new RegisterPasskeyOutcome.TooLate();
        if (request.Credential is not { Length: > 0 and <= SignIn.LongestCredential } credential) return new RegisterPasskeyOutcome.Unfit();
        var result = await passkeys.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = request.Http, CredentialJson = credential, AttestationState = ceremony.State });
        if (!result.Succeeded) return new RegisterPasskeyOutcome.Unfit();

        var person = ceremony.Person!;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        try
        {
            // Of two uses of a link at once the second one waits at this row, and then finds it used.
            if (invitation is not null && await UseAsync(db, invitation.Id, now, cancellationToken) == 0) return new RegisterPasskeyOutcome.InvitationGone();
            if (await db.Passkeys.CountAsync(p => p.Person == person, cancellationToken) >= Most && !request.RemoveEarlier) return new RegisterPasskeyOutcome.TooMany(Most);
            db.Passkeys.Add(ToRow(result.Passkey, person, NameOf(request.Name, now), now));
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (Exception problem) when (AccessChange.ConstraintOf(problem) is "invitation_first_is_first" or "invitation_once")
        {
            return new RegisterPasskeyOutcome.InvitationGone();
        }
        catch (DbUpdateException problem) when (AccessChange.ConstraintOf(problem) is "passkey_pkey")
        {
            return new RegisterPasskeyOutcome.Unfit();
        }
        return invitation is null
            ? await FinishOwnAsync(db, transaction, person, result.Passkey.CredentialId, cancellationToken)
            : await FinishInvitedAsync(db, transaction, request, invitation, result.Passkey.CredentialId, now, cancellationToken);
    }

    private static async Task<RegisterPasskeyOutcome> FinishOwnAsync(BlockListDb db, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, string person, byte[] passkey, CancellationToken cancellationToken)
    {
        await db.CommitAsync(transaction, person, "passkey.add", person, new JsonObject { ["passkey"] = Passkey.Label(passkey) }, cancellationToken);
        return new RegisterPasskeyOutcome.Added();
    }

    /// <summary>Coming back ends every session, whoever opened it; the browser at hand gets the only one.</summary>
    private async Task<RegisterPasskeyOutcome> FinishInvitedAsync(BlockListDb db, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, RegisterPasskeyRequest request, Invitation invitation, byte[] passkey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var person = invitation.Person;
        var (ended, removed) = (0, 0);
        if (invitation.Kind == Invitation.Recovery)
        {
            ended = await db.EndSessionsAsync(person, "passkey-removed", now, cancellationToken);
            if (request.RemoveEarlier) removed = await db.Passkeys.Where(p => p.Person == person && p.Id != passkey).ExecuteDeleteAsync(cancellationToken);
        }
        var secret = await sessions.OpenAsync(db.Connection(), person, passkey, request.Http.Request.Headers.UserAgent, cancellationToken);
        await db.CommitAsync(transaction, person, "invitation.use", person, new JsonObject
        {
            ["invitation"] = invitation.Id.ToString(),
            ["passkey"] = Passkey.Label(passkey),
            ["removed"] = removed,
            ["sessionsEnded"] = ended,
            ["from"] = RemoteAddress.Truncated(request.Http),
        }, cancellationToken);
        return new RegisterPasskeyOutcome.SignedIn(secret);
    }

    private static Task<int> UseAsync(BlockListDb db, Guid invitation, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Invitations.Where(i => i.Id == invitation && i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now && (i.Kind == Invitation.First || i.ApprovedAt != null)
                && db.People.Any(p => p.Id == i.Person && p.LeftAt == null))
            .ExecuteUpdateAsync(change => change.SetProperty(i => i.UsedAt, now), cancellationToken);

    private static string NameOf(string? typed, DateTimeOffset now)
    {
        var name = VisibleText.LabelOf(typed ?? "");
        return name.Length == 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Passkey of {now.UtcDateTime:d MMM yyyy}") : name.Length <= LongestName ? name : name[..LongestName];
    }

    private static Passkey ToRow(UserPasskeyInfo made, string person, string name, DateTimeOffset now) => new()
    {
        Id = made.CredentialId,
        Person = person,
        Name = name,
        PublicKey = made.PublicKey,
        SignCount = made.SignCount,
        Transports = made.Transports ?? [],
        IsUserVerified = made.IsUserVerified,
        IsBackupEligible = made.IsBackupEligible,
        IsBackedUp = made.IsBackedUp,
        AttestationObject = made.AttestationObject,
        ClientData = made.ClientDataJson,
        CreatedAt = now,
    };
}

internal abstract record RegisterPasskeyOutcome
{
    private RegisterPasskeyOutcome()
    {
    }

    internal sealed record Added : RegisterPasskeyOutcome;

    /// <param name="Secret">Of the session that the invited person has now.</param>
    internal sealed record SignedIn(string Secret) : RegisterPasskeyOutcome;

    internal sealed record TooLate : RegisterPasskeyOutcome;

    internal sealed record InvitationGone : RegisterPasskeyOutcome;

    /// <summary>Not checked by PIN, finger or face, made for another address, known already, or not readable.</summary>
    internal sealed record Unfit : RegisterPasskeyOutcome;

    internal sealed record TooMany(int Most) : RegisterPasskeyOutcome;
}
