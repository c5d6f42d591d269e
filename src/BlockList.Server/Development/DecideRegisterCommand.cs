using System.CommandLine;
using System.Globalization;
using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Data;
using BlockList.Server.Names.Register;
using BlockList.Server.Roles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Development;

/// <summary><c>blocklist decide register …</c>: changes of the never-block register, signed with a software passkey (development builds).</summary>
internal static class DecideRegisterCommand
{
    public static Command Create(Option<FileInfo> passkey)
    {
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        var file = new Argument<FileInfo>("FILE") { Description = "A list of sites, lines rank,domain" };
        var name = new Argument<string>("NAME") { Description = "What is not to be listed" };
        var source = new Option<string>("--source") { Description = "critical or hand", DefaultValueFactory = _ => "hand" };
        source.AcceptOnlyFromAmong("critical", "hand");
        var row = new Argument<Guid>("ROW") { Description = "Id of a row or of an import" };
        return new Command("register", "Changes the never-block register.")
        {
            Sub("import", "Replaces the list of sites.", passkey, reason, (parsed, change, person, token) =>
            {
                if (parsed.GetRequiredValue(file) is not { Exists: true, Length: <= SiteFile.MaximumLength } path) throw new RoleException("There is no such file, or it is longer than 64 MB.");
                return change.ImportAsync(person, File.ReadAllBytes(path.FullName), parsed.GetRequiredValue(reason), token);
            }, file),
            Sub("add", "Enters a name.", passkey, reason, (parsed, change, person, token) =>
            {
                if (!DomainName.TryParse(parsed.GetRequiredValue(name), out var entered, out var problem)) throw new RoleException($"{problem.Message} {problem.Fix}");
                _ = SourceText.TryParse(parsed.GetRequiredValue(source), out var why);
                return change.AddAsync(person, entered, why, null, parsed.GetRequiredValue(reason), token);
            }, name, source),
            Sub("retire", "Takes a row or an import out.", passkey, reason, (parsed, change, person, token) =>
                change.RetireAsync(person, parsed.GetRequiredValue(row), parsed.GetRequiredValue(reason), token), row),
        };
    }

    private static Command Sub(string name, string description, Option<FileInfo> passkey, Option<string> reason,
        Func<ParseResult, ChangeRegister, Viewer, CancellationToken, Task<RegisterOutcome>> change, params Symbol[] symbols) =>
        CurationRole.Create(name, description, async (parsed, services, cancellationToken) =>
        {
            using var key = DecideCommand.Open(parsed.GetRequiredValue(passkey));
            var signer = new PasskeyFileSigner(key, services.GetRequiredService<IOptions<RelyingPartyOptions>>().Value.RelyingParty);
            var person = await OwnerAsync(services, signer.Credential, cancellationToken);
            switch (await change(parsed, ActivatorUtilities.CreateInstance<ChangeRegister>(services, signer), person, cancellationToken))
            {
                case RegisterOutcome.Done done:
                    Console.WriteLine(done.File is { } read ? string.Create(CultureInfo.InvariantCulture, $"{done.Statement}: {read.Rows} names in force, {read.LeftOut} lines left out.") : $"{done.Statement}: signed and in force.");
                    return 0;
                // What is so already is no failure: a start that was broken off begins again.
                case RegisterOutcome.Refused { Problem: { Code: "known-row" or "same-file" } known }:
                    Console.WriteLine($"{known.Message} {known.Fix}");
                    return 0;
                case RegisterOutcome.Refused refused:
                    Console.WriteLine($"Refused: {refused.Problem.Message} {refused.Problem.Fix}");
                    return 4;
                default:
                    throw new InvalidOperationException("an outcome nobody knows");
            }
        }, [passkey, reason, .. symbols]);

    internal static async Task<Viewer> OwnerAsync(IServiceProvider services, string credential, CancellationToken cancellationToken)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(cancellationToken);
        var known = await db.Credentials.AsNoTracking().SingleOrDefaultAsync(c => c.Id == credential, cancellationToken) ?? throw new RoleException("The passkey is not in the agency register.");
        var roles = await db.People.AsNoTracking().Where(p => p.Id == known.Person).Select(p => p.Roles).SingleAsync(cancellationToken);
        return new Viewer(Guid.Empty, known.Person, known.Person, known.Agency, null, null, roles.ToHashSet(StringComparer.Ordinal), TimeZoneInfo.Utc, "system", "{}");
    }
}
