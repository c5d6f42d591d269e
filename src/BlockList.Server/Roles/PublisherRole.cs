using System.CommandLine;
using BlockList.Server.Data;
using BlockList.Server.Http;
using BlockList.Server.Jobs;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Publishing.Resuming;
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
        command.Add(ResumeCommand());
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

    private static Command ResumeCommand()
    {
        var list = new Option<string>("--list") { Description = "The list, for example worst-of", Required = true };
        var log = new Option<DirectoryInfo?>("--log") { Description = "Folder with an outside copy of the list's log: checkpoint, and tile/entries/… below it" };
        var serial = new Option<int?>("--serial") { Description = "The highest version that anybody has: the verifier says it" };
        var targets = new Option<int?>("--targets") { Description = "The highest targets version, likewise" };
        var gap = new Option<bool>("--accept-gap") { Description = "Goes on although the copy ends before --serial or --targets" };
        return RoleCommand.Create("resume", "After a restore of the database: puts lost leaves of a list's log back and goes on above every number that agents may have seen.", (services, _) => services.AddPublishing(),
            (parsed, services, cancellationToken) => GuardAsync(async () =>
            {
                var request = new ResumeRequest(parsed.GetRequiredValue(list), parsed.GetValue(log)?.FullName, parsed.GetValue(serial), parsed.GetValue(targets), parsed.GetValue(gap), $"{Environment.UserName}@{Environment.MachineName}");
                Console.WriteLine(await services.GetRequiredService<ResumeList>().RunAsync(request, cancellationToken) is not { } from
                    ? $"List {request.List} was resumed above all that is said here; there is nothing to do. Was the database restored again since? Then take a newer copy of the log."
                    : $"List {request.List} goes on above version {from.Floor.Serial}, targets {from.Floor.TargetsVersion}, snapshot {from.Floor.SnapshotVersion} and timestamp {from.Floor.TimestampVersion}. Leaves that came back into its log: {from.Leaves}, of {from.LogSize} now. What people decided since the backup is lost: have removals signed again first, then run: blocklist publish --list {request.List}");
                return 0;
            }), list, log, serial, targets, gap);
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
        await app.RunRoleAsync(cancellationToken);
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
