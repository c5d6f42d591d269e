using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Roles;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Development;

/// <summary>
/// <c>blocklist decide …</c>: signs with a software passkey and submits, in place of a person with a browser. Exists in
/// development builds only.
/// </summary>
internal static class DecideCommand
{
    public static Command Create()
    {
        var command = new Command("decide", "Signs and submits decisions with a software passkey (development builds).");
        var passkey = new Option<FileInfo>("--passkey") { Description = "Private key of the software passkey, PEM", Required = true };
        var list = new Option<string>("--list") { Description = "The list", Required = true };
        var name = new Option<string>("--name") { Description = "The name", Required = true };
        var names = new Option<string[]>("--name") { Description = "Only these names", AllowMultipleArgumentsPerToken = true };
        var scope = new Option<string>("--scope") { Description = "domain or host", DefaultValueFactory = _ => "domain" };
        var sighted = new Option<DateTimeOffset?>("--sighted-at") { Description = "When the material was last seen, UTC" };
        var sightedNow = new Option<DateTimeOffset>("--sighted-at") { Description = "When the material was last seen, UTC", Required = true };
        var note = new Option<string?>("--note") { Description = "Reason" };
        var rules = new Option<string[]>("--rule") { Description = "critical, hand or top-sites; of enforcements also public-suffix, host-only, own or proven", Required = true, AllowMultipleArgumentsPerToken = true };
        var verdict = new Option<string>("--verdict") { Description = "met, not_met or unknown, for every criterion", DefaultValueFactory = _ => "met" };
        var import = new Argument<Guid>("IMPORT") { Description = "Id of the staged import" };

        command.Add(Sub("import", "Proposes every draft of a staged import.", passkey, (parsed, prepare, credential, token) =>
            prepare.ForImportAsync(parsed.GetValue(import), credential, token), parsed => parsed.GetValue(import), import));
        command.Add(Sub("review", "Assesses every entry that waits for this agency.", passkey, (parsed, prepare, credential, token) =>
            prepare.ForReviewAsync(parsed.GetRequiredValue(list), [.. (parsed.GetValue(names) ?? []).Select(n => Name(n, "domain").Name.Ascii)], ParseVerdict(parsed.GetRequiredValue(verdict)), parsed.GetValue(sighted), credential, token), null, list, names, verdict, sighted));
        command.Add(Sub("withdraw", "Takes the agency's vote back.", passkey, (parsed, prepare, credential, token) =>
            prepare.ForEntryAsync(DecisionKind.Withdrawal, parsed.GetRequiredValue(list), Name(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope)), null, parsed.GetValue(note), credential, token), null, list, name, scope, note));
        command.Add(Sub("remove", "Ends an entry, as release officer.", passkey, (parsed, prepare, credential, token) =>
            prepare.ForEntryAsync(DecisionKind.Removal, parsed.GetRequiredValue(list), Name(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope)), null, parsed.GetValue(note), credential, token), null, list, name, scope, note));
        foreach (var (word, description, kind) in new[] { ("override", "Overrides a source of the never-block register for an entry, as release officer.", DecisionKind.Override), ("enforce", "Asks, as one of two release officers, that a rule of the never-block guard holds for a published entry.", DecisionKind.Enforcement) })
        {
            command.Add(Sub(word, description, passkey, (parsed, prepare, credential, token) =>
                prepare.ForGuardAsync(kind, parsed.GetRequiredValue(list), Name(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope)), parsed.GetRequiredValue(rules), parsed.GetValue(note), credential, token), null, list, name, scope, rules, note));
        }
        command.Add(Sub("sighting", "Records that the material was seen again.", passkey, (parsed, prepare, credential, token) =>
            prepare.ForEntryAsync(DecisionKind.Sighting, parsed.GetRequiredValue(list), Name(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope)), parsed.GetValue(sightedNow), parsed.GetValue(note), credential, token), null, list, name, scope, sightedNow, note));
        command.Add(DecideRegisterCommand.Create(passkey));
        command.Add(DecideHeldCommand.Create(passkey));
        command.Add(DecideComplaintCommand.Create(passkey));
        return command;
    }

    private static Command Sub(string commandName, string description, Option<FileInfo> passkey,
        Func<ParseResult, PrepareDecisions, string, CancellationToken, Task<IReadOnlyList<PreparedDecision>>> prepare, Func<ParseResult, Guid>? import, params Symbol[] symbols) =>
        CurationRole.Create(commandName, description, async (parsed, services, cancellationToken) =>
        {
            using var key = Open(parsed.GetRequiredValue(passkey));
            var decisions = await prepare(parsed, services.GetRequiredService<PrepareDecisions>(), Hashes.Sha256(key.ExportSubjectPublicKeyInfo()), cancellationToken);
            if (decisions.Count == 0)
            {
                Console.WriteLine("There is nothing to decide.");
                return 0;
            }
            var isBatch = decisions.Count > 1;
            var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
            var assertion = Assertion.Create(key, SignedDecisions.ChallengeOf(decisions, isBatch, nonce), services.GetRequiredService<IOptions<RelyingPartyOptions>>().Value.RelyingParty);
            var outcome = await services.GetRequiredService<SubmitDecisions>().RunAsync(new SignedDecisions(decisions, isBatch, nonce, assertion), import?.Invoke(parsed), cancellationToken);
            Console.WriteLine(outcome switch
            {
                SubmitOutcome.Accepted accepted => string.Create(CultureInfo.InvariantCulture, $"{accepted.Decisions} decisions signed and submitted."),
                SubmitOutcome.Refused refused => $"Refused: {refused.Reason}",
                SubmitOutcome.Conflict conflict => $"Conflict: {conflict.Reason}",
                _ => throw new InvalidOperationException("an outcome nobody knows"),
            });
            return outcome is SubmitOutcome.Accepted ? 0 : 4;
        }, [passkey, .. symbols]);

    internal static ECDsa Open(FileInfo file)
    {
        if (!file.Exists) throw new RoleException($"There is no passkey {file.FullName}.");
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file.FullName));
        return key;
    }

    internal static ListedName Name(string text, string scope) => DomainName.TryParse(text, out var name, out var problem)
        ? new ListedName(name, scope == "host" ? Scope.Host : Scope.Domain)
        : throw new RoleException($"{problem.Message} {problem.Fix}");

    private static Verdict ParseVerdict(string text) => Verdicts.TryParse(text, out var verdict) ? verdict : throw new RoleException("Write met, not_met or unknown.");
}
