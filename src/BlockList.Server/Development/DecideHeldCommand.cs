using System.CommandLine;
using BlockList.Format.Statements;
using BlockList.Server.Access;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Roles;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Development;

/// <summary><c>blocklist decide held …</c>: shows what a gate holds, confirms or discards it, signed with a software passkey (development builds).</summary>
internal static class DecideHeldCommand
{
    public static Command Create(Option<FileInfo> passkey) => new("held", "Versions that a gate holds.")
    {
        Sub("confirm", "Lets a held version be published, as somebody who decided none of it.", VersionAction.Confirm, passkey),
        Sub("discard", "Leaves what a held version would change as it is.", VersionAction.Discard, passkey),
    };

    private static Command Sub(string name, string description, VersionAction action, Option<FileInfo> passkey)
    {
        var list = new Option<string>("--list") { Description = "The list", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        return CurationRole.Create(name, description, async (parsed, services, cancellationToken) =>
        {
            using var key = DecideCommand.Open(parsed.GetRequiredValue(passkey));
            var signer = new PasskeyFileSigner(key, services.GetRequiredService<IOptions<RelyingPartyOptions>>().Value.RelyingParty);
            var person = await DecideRegisterCommand.OwnerAsync(services, signer.Credential, cancellationToken);
            var read = ActivatorUtilities.CreateInstance<ReadHeld>(services);
            if ((await read.OpenAsync(cancellationToken)).LastOrDefault(h => h.List == parsed.GetRequiredValue(list)) is not { } held)
                throw new RoleException($"Nothing of list {parsed.GetRequiredValue(list)} is held.");
            Console.WriteLine($"{held.Id}: {HeldWords.Gates(held)}");
            var (_, bytes) = await read.ChangeAsync(held.Id, cancellationToken);
            switch (await ActivatorUtilities.CreateInstance<DecideHeld>(services, signer).RunAsync(person, held.Id, Format.Hashes.Sha256(bytes), action, parsed.GetRequiredValue(reason), null, cancellationToken))
            {
                case DecideHeldOutcome.Done done:
                    Console.WriteLine($"{done.Statement}: signed. The publisher verifies it and acts within seconds.");
                    return 0;
                case DecideHeldOutcome.Refused refused:
                    Console.WriteLine($"Refused: {refused.Because}");
                    return 4;
                default:
                    throw new RoleException("Write why, in at most 2000 characters.");
            }
        }, passkey, list, reason);
    }
}
