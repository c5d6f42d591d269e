using System.CommandLine;
using BlockList.Server.Data;
using BlockList.Server.DnsChecks;
using BlockList.Server.Http;
using BlockList.Server.Jobs;

namespace BlockList.Server.Roles;

/// <summary>Role <c>checker</c>: asks DNS from a network exit of its own; sees no people, no cases, no mail.</summary>
internal static class CheckerRole
{
    private const int Unanswered = 5;

    public static Command Command()
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command("checker", "Looks in DNS for the proofs that people publish. Listens for health on loopback only.") { config };
        command.SetAction((parsed, cancellationToken) => RoleCommand.GuardAsync(() => ServeAsync(parsed.GetValue(config), cancellationToken)));
        command.Add(Lookup());
        return command;
    }

    private static async Task<int> ServeAsync(FileInfo? config, CancellationToken cancellationToken)
    {
        var builder = RoleHost.CreateBuilder(config);
        builder.ListenForHealth(usualPort: 8083);
        builder.Services.AddDns().AddSingleton<CheckProofs>();
        builder.Services.AddScheduling("quartz_checker", builder.Configuration[$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.ConnectionString)}"] ?? "", JobCatalogue.OfChecker);
        await using var app = builder.Build();
        app.MapHealth();
        await app.RunRoleAsync(cancellationToken);
        return 0;
    }

    private static Command Lookup()
    {
        var name = new Argument<string>("name") { Description = "a name; . is the root" };
        var type = new Argument<RecordType>("type") { Description = "A, AAAA, NS, CNAME, SOA or TXT", DefaultValueFactory = _ => RecordType.A };
        var each = new Option<bool>("--each-server") { Description = "TXT as each server of the zone has it now, which is how proofs are looked for" };
        return RoleCommand.Create("lookup", "Shows what the checker sees of a name.", (services, _) => services.AddDns(), async (parsed, services, cancellationToken) =>
        {
            if (!DnsName.TryParse(parsed.GetRequiredValue(name), out var asked))
                throw new RoleException($"\"{parsed.GetRequiredValue(name)}\" is no name in DNS. Write it with letters, digits, hyphens and underscores; names in other scripts as A-labels.");
            if (parsed.GetValue(each))
            {
                var reading = await services.GetRequiredService<ReadTxtAtAuthority>().RunAsync(asked, cancellationToken);
                Console.WriteLine(Print(reading));
                return reading.Problem is null ? 0 : Unanswered;
            }
            var answer = await services.GetRequiredService<IDnsResolver>().ResolveAsync(asked, parsed.GetValue(type), cancellationToken);
            Console.WriteLine(Print(answer));
            // That a name does not exist is an answer; that nobody could be asked, or that what came is forged, is none.
            return answer is DnsAnswer.Failed or DnsAnswer.TimedOut or DnsAnswer.Bogus ? Unanswered : 0;
        }, name, type, each);
    }

    private static string Print(DnsAnswer answer) => string.Join(Environment.NewLine, Lines(answer));

    private static string Print(TxtReading reading) => string.Join(Environment.NewLine, reading.Problem is { } problem ? [problem]
        : reading.Servers.SelectMany(server => Lines(server.Answer).Select(line => "  " + line).Prepend($"{server.Server} {server.Address}")).Prepend($"zone {reading.Zone}"));

    private static IEnumerable<string> Lines(DnsAnswer answer)
    {
        yield return $"{answer.Print()} ({answer.Verdict.ToString().ToLowerInvariant()})";
        if (answer is not DnsAnswer.Answered answered) yield break;
        foreach (var alias in answered.Aliases) yield return $"alias of {alias}";
        foreach (var record in answered.Records) yield return record.Print();
    }
}
