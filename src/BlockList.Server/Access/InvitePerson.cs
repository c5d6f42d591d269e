using System.Text.Json.Nodes;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Access;

/// <summary>Makes the link with which a person registers a passkey. An earlier open one of theirs is revoked by it.</summary>
internal sealed class InvitePerson(IDbContextFactory<BlockListDb> contexts, IOptions<SignInOptions> options, TimeProvider clock)
{
    /// <param name="id">Whom.</param>
    /// <param name="inviter">Who invites.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<InvitePersonOutcome> RunAsync(string id, Viewer inviter, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } person) return new InvitePersonOutcome.NoSuchPerson();
        if (person.LeftAt is not null) return new InvitePersonOutcome.Left();
        return Authority.CanInvite(inviter, person) ? await MakeAsync(db, person, inviter.Person, cancellationToken) : new InvitePersonOutcome.NotTheirs();
    }

    /// <summary>By a command on the operator's machine, who may invite anyone: there the first administrators come from.</summary>
    public async Task<InvitePersonOutcome> RunForOperatorAsync(string id, string login, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } person) return new InvitePersonOutcome.NoSuchPerson();
        return person.LeftAt is null ? await MakeAsync(db, person, "operator:" + login, cancellationToken) : new InvitePersonOutcome.Left();
    }

    private async Task<InvitePersonOutcome> MakeAsync(BlockListDb db, Person person, string inviter, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Two administrators at once: the second one waits here and replaces the first one's link.
        await db.Database.ExecuteSqlAsync($"select from access.person where id = {person.Id} for update", cancellationToken);
        var (secret, now) = (Invitations.NewSecret(), clock.GetUtcNow());
        var had = await db.Passkeys.AnyAsync(p => p.Person == person.Id, cancellationToken) || await db.Invitations.AnyAsync(i => i.Person == person.Id && i.UsedAt != null, cancellationToken);
        await db.Invitations.Where(i => i.Person == person.Id && i.UsedAt == null && i.RevokedAt == null).ExecuteUpdateAsync(change => change.SetProperty(i => i.RevokedAt, now), cancellationToken);
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now),
            TokenSha256 = Invitations.Hash(secret),
            Person = person.Id,
            Kind = had ? Invitation.Recovery : Invitation.First,
            InvitedBy = inviter,
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromHours(options.Value.InvitationHours),
        };
        db.Invitations.Add(invitation);
        await db.SaveChangesAsync(cancellationToken);
        await db.CommitAsync(transaction, inviter, "person.invite", person.Id, new JsonObject { ["invitation"] = invitation.Id.ToString(), ["kind"] = invitation.Kind }, cancellationToken);
        return new InvitePersonOutcome.Invited(invitation, secret);
    }
}

internal abstract record InvitePersonOutcome
{
    private InvitePersonOutcome()
    {
    }

    /// <param name="Invitation">Its row.</param>
    /// <param name="Secret">Last part of the link; told now and never again.</param>
    internal sealed record Invited(Invitation Invitation, string Secret) : InvitePersonOutcome;

    internal sealed record NoSuchPerson : InvitePersonOutcome;

    internal sealed record Left : InvitePersonOutcome;

    internal sealed record NotTheirs : InvitePersonOutcome;
}
