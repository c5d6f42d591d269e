using System.CommandLine;
using BlockList.Server.Http;
using BlockList.Server.Verifying;

namespace BlockList.Server.Roles;

/// <summary>Role <c>verifier</c>: faces nobody; derives each version again and adds the second signature, on a host of its own.</summary>
internal static class VerifierRole
{
    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("verifier", "Verifies what the publisher is about to publish, and adds the second signature. Listens for health on loopback only.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(async () =>
        {
            var builder = RoleHost.CreateBuilder(parsed.GetValue(config));
            builder.ListenForHealth(usualPort: 8086);
            builder.Services.AddVerifying().AddHostedService(services => services.GetRequiredService<FollowCandidates>());
            await using var app = builder.Build();
            app.MapHealth();
            await app.RunRoleAsync(cancellationToken);
            return 0;
        }));
        command.Add(ResumeCommand());
        return command;
    }

    private static Command ResumeCommand()
    {
        var list = new Option<string>("--list") { Description = "The list, for example worst-of", Required = true };
        var serial = new Option<int?>("--serial") { Description = "The highest version that anybody has, where this verifier's record file is lost too" };
        var targets = new Option<int?>("--targets") { Description = "The highest targets version, likewise" };
        return RoleCommand.Create("resume", "After a restore of the database: signs on above all that this verifier's record file knows. \"blocklist publisher resume\" is the other half.", (services, _) => services.AddVerifying(),
            async (parsed, services, cancellationToken) =>
            {
                var name = parsed.GetRequiredValue(list);
                var known = await services.GetRequiredService<ResumeSigning>().RunAsync(name, parsed.GetValue(serial), parsed.GetValue(targets), cancellationToken);
                Console.WriteLine(known is null
                    ? $"The database knows all that this verifier signed of list {name}; there is nothing to do."
                    : $"The verifier signs list {name} on above version {known.HighestSerial} and targets {known.HighestTargets}. Now on the publisher's host: {known.PublisherCommand(known.HighestSerial, known.HighestTargets)}");
                return 0;
            }, list, serial, targets);
    }
}
