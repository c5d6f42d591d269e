using System.CommandLine;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Curation;
using BlockList.Server.Data;
using BlockList.Server.Roles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Development;

/// <summary><c>blocklist decide complaint …</c>: suspends an entry, ends that, or decides a complaint, signed with a software passkey (development builds).</summary>
internal static class DecideComplaintCommand
{
    public static Command Create(Option<FileInfo> passkey)
    {
        var outcome = new Option<string>("--outcome") { Description = "upheld, cleaned, partly or rejected", Required = true };
        return new Command("complaint", "Decisions about complaints.")
        {
            Sub("suspend", "Takes an entry off the list while a complaint about it is decided.", passkey, (_, services, sign, connection, person, entry, token) =>
                ActivatorUtilities.CreateInstance<SuspendEntry>(services, sign).RunAsync(connection, person, entry, WorkingDays.After(services.GetRequiredService<TimeProvider>().GetUtcNow(), WorkingDays.OfSuspension, new HashSet<DateOnly>()), token)),
            Sub("resume", "Ends a suspension.", passkey, (_, _, sign, connection, person, entry, token) => new EndSuspension(sign).RunAsync(connection, person, entry, token)),
            Sub("decide", "Decides a complaint about an entry.", passkey, (parsed, _, sign, connection, person, entry, token) =>
                new DecideComplaint(sign).RunAsync(connection, person, entry, Parse(parsed.GetRequiredValue(outcome)), token), outcome),
        };
    }

    private static Command Sub(string commandName, string description, Option<FileInfo> passkey,
        Func<ParseResult, IServiceProvider, SignCaseDecision, NpgsqlConnection, Viewer, CaseEntry, CancellationToken, Task<CaseDecision>> decide, params Symbol[] symbols)
    {
        var list = new Option<string>("--list") { Description = "The list", Required = true };
        var name = new Option<string>("--name") { Description = "The name", Required = true };
        var scope = new Option<string>("--scope") { Description = "domain or host", DefaultValueFactory = _ => "domain" };
        var reference = new Option<string>("--case") { Description = "Reference of the complaint", Required = true };
        var criterion = new Option<string?>("--criterion") { Description = "Criterion that it is about, such as c2" };
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        return CurationRole.Create(commandName, description, async (parsed, services, cancellationToken) =>
        {
            using var key = DecideCommand.Open(parsed.GetRequiredValue(passkey));
            var signer = new PasskeyFileSigner(key, services.GetRequiredService<IOptions<RelyingPartyOptions>>().Value.RelyingParty);
            var person = await DecideRegisterCommand.OwnerAsync(services, signer.Credential, cancellationToken);
            var sign = ActivatorUtilities.CreateInstance<SignCaseDecision>(services, signer);
            var listed = DecideCommand.Name(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope));
            await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
            var entry = new CaseEntry(parsed.GetRequiredValue(reference), await EpisodeAsync(services, parsed.GetRequiredValue(list), listed, cancellationToken), parsed.GetRequiredValue(reason), parsed.GetValue(criterion));
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            switch (await decide(parsed, services, sign, connection, person, entry, cancellationToken))
            {
                case CaseDecision.Decided decided:
                    await transaction.CommitAsync(cancellationToken);
                    Console.WriteLine($"{decided.Statement}: signed and submitted. The publisher follows within seconds.");
                    return 0;
                case CaseDecision.Refused refused:
                    Console.WriteLine($"Refused: {refused.Because}");
                    return 4;
                case CaseDecision.Overtaken overtaken:
                    Console.WriteLine($"Conflict: {overtaken.Because}");
                    return 4;
                default:
                    throw new InvalidOperationException("an outcome nobody knows");
            }
        }, [passkey, list, name, scope, reference, criterion, reason, .. symbols]);
    }

    private static async Task<Guid> EpisodeAsync(IServiceProvider services, string list, Format.Names.ListedName listed, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(cancellationToken);
        var scope = PrepareDecisions.PrintScope(listed.Scope);
        return (await db.Episodes.AsNoTracking().SingleOrDefaultAsync(e => e.List == list && e.Name == listed.Name.Ascii && e.Scope == scope && e.IsCurrent, cancellationToken))?.Id
            ?? throw new RoleException($"List {list} has no entry for this name and scope.");
    }

    private static ComplaintOutcome Parse(string text) => ComplaintWords.TryParse(text, out var outcome) ? outcome : throw new RoleException("Write upheld, cleaned, partly or rejected.");
}
