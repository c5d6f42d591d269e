using BlockList.Format.Statements;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Curation;
using BlockList.Server.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Decisions about complaints in a world, each in a transaction of its own that is committed where it was decided.</summary>
internal static class ComplaintSteps
{
    public const string Reference = "BL-7KQ4M2XW";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<CaseDecision> SuspendAsync(this PublishingWorld world, string person, string name, string reference = Reference) =>
        world.InTransactionAsync(async connection => await world.Curation.GetRequiredService<SuspendEntry>()
            .RunAsync(connection, CastSigner.ViewerOf(world.Cast[person]), await world.EntryAsync(name, reference), world.Now.AddDays(14), Ct));

    public static Task<CaseDecision> ResumeAsync(this PublishingWorld world, string person, string name, string reference = Reference) =>
        world.InTransactionAsync(async connection => await world.Curation.GetRequiredService<EndSuspension>()
            .RunAsync(connection, CastSigner.ViewerOf(world.Cast[person]), await world.EntryAsync(name, reference), Ct));

    public static Task<CaseDecision> DecideComplaintAsync(this PublishingWorld world, string person, string name, ComplaintOutcome outcome, string reference = Reference) =>
        world.InTransactionAsync(async connection => await world.Curation.GetRequiredService<DecideComplaint>()
            .RunAsync(connection, CastSigner.ViewerOf(world.Cast[person]), await world.EntryAsync(name, reference), outcome, Ct));

    /// <summary>The newest episode of a name, complained of.</summary>
    public static async Task<CaseEntry> EntryAsync(this PublishingWorld world, string name, string reference = Reference) =>
        new(reference, await world.Database.ScalarAsync<Guid>("select id from curation.episode where name = $1 and is_current", name), "looked at by the officer", "c2");

    public static async Task<CaseDecision> InTransactionAsync(this PublishingWorld world, Func<NpgsqlConnection, Task<CaseDecision>> decide)
    {
        await using var connection = await world.Curation.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        var decision = await decide(connection);
        if (decision is CaseDecision.Decided) await transaction.CommitAsync(Ct);
        return decision;
    }

    /// <summary>What the publisher does when it hears that somebody decided.</summary>
    public static Task<bool> PublishUrgentAsync(this PublishingWorld world) => world.Publisher.GetRequiredService<PublishUrgent>().RunAsync(Ct);

    /// <summary>A decision about the newest episode of a name, stored past the application by whoever has the curation login.</summary>
    /// <param name="world">With the entry.</param>
    /// <param name="person">Whose the statement says it is.</param>
    /// <param name="kind">Suspension, its end, or an outcome that upholds.</param>
    /// <param name="name">Of the entry.</param>
    /// <param name="signedBy">The person themselves where null.</param>
    /// <param name="appeals">The outcome that it decides anew.</param>
    public static async Task ForgeComplaintDecisionAsync(this PublishingWorld world, string person, DecisionKind kind, string name, string? signedBy = null, Guid? appeals = null)
    {
        var entry = await world.EntryAsync(name);
        await using var connection = await world.Curation.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Ct);
        var credential = new Server.Access.Credential { Id = world.CredentialOf(person), Person = person, Agency = world.Cast[person].Agency, PublicKey = [], Roles = [] };
        var chain = await StatementChain.ContinueAsync(connection, credential, world.Keys.Deployment, world.Clock, Ct);
        chain.Add(kind, DevelopmentKeys.WorstOf, PublishingWorld.Listed(name), entry.Episode, Annotation.Of(null, null, "forged"), blank => blank with
        {
            Case = entry.Case,
            Until = kind == DecisionKind.Suspension ? blank.DecidedAt.AddDays(14) : null,
            Outcome = kind == DecisionKind.ComplaintOutcome ? ComplaintOutcome.Upheld : null,
            Supersedes = appeals,
        });
        var statement = Assert.Single(chain.Decisions);
        var signed = world.Sign(signedBy ?? person, [statement]);
        await ForgedDecision.InsertAsync(world.Database.Curation, credential.Id, false, signed.Nonce, signed.Assertion, statement);
    }

    public static Guid Decided(CaseDecision decision) => Assert.IsType<CaseDecision.Decided>(decision).Statement;

    public static string Refused(CaseDecision decision) => Assert.IsType<CaseDecision.Refused>(decision).Because;

    /// <summary>Gives a person of the cast other roles by the next register, and in the tables where people stand.</summary>
    public static async Task GiveRolesAsync(this PublishingWorld world, string person, params string[] roles)
    {
        var register = world.Keys.ComposeRegister(world.Cast, 2);
        await world.TakeRegisterAsync(register with { Credentials = register.Credentials.ToDictionary(c => c.Key, c => c.Value.Person == person ? c.Value with { Roles = roles } : c.Value, StringComparer.Ordinal) });
        await world.Database.ExecuteAsync("update access.person set roles = $2 where id = $1", person, roles);
    }
}
