using System.CommandLine;
using BlockList.Server.Data;
using BlockList.Server.Http;
using BlockList.Server.Jobs;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;

namespace BlockList.Server.Roles;

/// <summary>Role <c>publisher</c>: faces nobody; reads decisions, writes the ledger, holds the online keys, commits versions.</summary>
internal static class PublisherRole
{
    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("publisher", "Publishes every list when its slot comes. Listens for health on loopback only.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(() => ServeAsync(parsed.GetValue(config), cancellationToken)));
        command.Add(RootCommand());
        return command;
    }

    /// <summary><c>blocklist publish --list worst-of</c>: the same run as a slot's, now.</summary>
    public static Command PublishCommand()
    {
        var list = new Option<string>("--list") { Description = "The list to publish, for example worst-of", Required = true };
        return RoleCommand.Create("publish", "Publishes one list now, under the publisher's login and keys.", (services, _) => services.AddPublishing(),
            (parsed, services, cancellationToken) => GuardAsync(async () =>
            {
                var outcome = await services.GetRequiredService<PublishVersion>().RunAsync(parsed.GetRequiredValue(list), cause: null, cancellationToken);
                Console.WriteLine(outcome switch
                {
                    PublishOutcome.Published p => $"Published {parsed.GetRequiredValue(list)} version {p.Serial}: {p.Count} entries, {p.Added} added, {p.Removed} removed.",
                    PublishOutcome.Held h => $"All that would change is held; version {h.Serial} stays. Somebody who decided none of it looks at it under Held versions.",
                    PublishOutcome.Unchanged u => $"Nothing changed; version {u.Serial} stays.",
                    _ => "Another publisher was first; its version is in force.",
                });
                return 0;
            }), list);
    }

    private static Command RootCommand()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "N.root.json as the root holders signed it" };
        return RoleCommand.Create("root", "Takes a root that was signed off line.", (services, _) => services.AddPublishing(),
            (parsed, services, cancellationToken) => GuardAsync(async () =>
            {
                var path = parsed.GetRequiredValue(file);
                if (!path.Exists) throw new RoleException($"There is no file {path.FullName}.");
                var root = await services.GetRequiredService<TakeRoot>().RunAsync(await File.ReadAllBytesAsync(path.FullName, cancellationToken), cancellationToken);
                Console.WriteLine($"Root {root.Version} of {root.List} is served.");
                return 0;
            }), file);
    }

    private static async Task<int> ServeAsync(FileInfo? config, CancellationToken cancellationToken)
    {
        var builder = RoleHost.CreateBuilder(config);
        builder.ListenForHealth(usualPort: 8081);
        builder.Services.AddPublishing().AddHostedService<HearDecisions>();
        builder.Services.AddScheduling("quartz_publisher", builder.Configuration[$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.ConnectionString)}"] ?? "", JobCatalogue.OfPublisher);
        await using var app = builder.Build();
        app.MapHealth();
        app.MapMetrics();
        await app.RunAsync(cancellationToken);
        return 0;
    }

    private static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception problem) when (problem is SigningException or LedgerBrokenException or NotCountersignedException)
        {
            throw new RoleException(problem.Message, exitCode: 4);
        }
    }
}
