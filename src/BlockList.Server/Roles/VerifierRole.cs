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
            await app.RunAsync(cancellationToken);
            return 0;
        }));
        return command;
    }
}
