using System.CommandLine;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;

namespace BlockList.Server.Roles;

/// <summary><c>blocklist ledger verify</c>: what the publisher does once a day, now.</summary>
internal static class LedgerCommands
{
    private const int DoesNotHold = 4;

    public static Command Command() => new("ledger", "The publisher's record of what it verified.")
    {
        RoleCommand.Create("verify", "Verifies every row of the ledger again: chain, statements and signatures. Under the publisher's login.", (services, _) => services.AddPublishing(),
            async (_, services, cancellationToken) =>
            {
                var verdict = await services.GetRequiredService<VerifyLedger>().RunAsync(cancellationToken);
                if (verdict.Problem is { } problem) throw new RoleException(problem, DoesNotHold);
                Console.WriteLine($"{verdict.Rows} rows hold, and {verdict.Signatures} signatures under them.");
                return 0;
            }),
    };
}
