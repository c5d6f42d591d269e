using System.CommandLine;
using System.Globalization;
using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlockList.Server.Roles;

/// <summary>The never-block register from a terminal, under the login of role <c>curation</c>: what it says of a name, and what it holds.</summary>
internal static class NeverBlockCommands
{
    public static Command Command() => new("never-block", "Asks the register of names that must never be listed.") { Check(), Status() };

    /// <summary><c>blocklist never-block check NAME</c>.</summary>
    private static Command Check()
    {
        var name = new Argument<string>("NAME") { Description = "A name, or an address with one" };
        var scope = new Option<string>("--scope") { Description = "domain or host", DefaultValueFactory = _ => "domain" };
        scope.AcceptOnlyFromAmong("domain", "host");
        return Create("check", "Says what the never-block register says of a name.", async (parsed, services, cancellationToken) =>
        {
            var answer = await services.GetRequiredService<AskRegister>().RunAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope) == "host" ? Scope.Host : Scope.Domain, cancellationToken)
                ?? throw new RoleException("Say which name.");
            if (answer.Problem is { } problem) throw new RoleException($"{problem.Message} {problem.Fix}");
            var verdict = answer.Verdict!;
            Console.WriteLine($"{RegisterWords.Word(verdict)}\t{answer.Name!.Value.Name.Ascii}\t{RegisterWords.Rule(verdict, answer.Match)}");
            if (RegisterWords.Problem(verdict) is { } said) Console.WriteLine($"{said.Message} {said.Fix}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Known names below: {answer.Match.NamesBelow}{(answer.Match.Gravest.Rank > 0 ? $". {answer.Match.Gravest.Name} is number {answer.Match.Gravest.Rank:N0} of the most visited sites" : "")}."));
            if (answer.Deciding is { } row) Console.WriteLine($"{row.Id}: {RegisterWords.Action(row)} by {row.PersonName} of {row.AgencyName}, {row.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {row.Reason}");
            return 0;
        }, name, scope);
    }

    /// <summary><c>blocklist never-block status</c>.</summary>
    private static Command Status() => Create("status", "Says what the never-block register holds, and what it lacks.", async (_, services, cancellationToken) =>
    {
        var summary = await services.GetRequiredService<ReadRegister>().SummariseAsync(cancellationToken);
        foreach (var (source, rows) in summary.Counts) Console.WriteLine($"{SourceText.Print(source)}\t{rows.ToString(CultureInfo.InvariantCulture)}");
        if (summary.Sites is { } sites) Console.WriteLine($"List of sites {sites.FileSha256}: imported by {sites.PersonName}, {sites.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {RegisterWords.Number(sites.LeftOut ?? 0, "line", "lines")} left out.");
        foreach (var weakness in await services.GetRequiredService<CurrentGuard>().FindWeaknessesAsync(cancellationToken)) await Console.Error.WriteLineAsync("WARNING: " + weakness);
        return 0;
    });

    private static Command Create(string name, string description, Func<ParseResult, IServiceProvider, CancellationToken, Task<int>> run, params Symbol[] symbols) => RoleCommand.Create(name, description, (services, _) =>
    {
        services.AddOptions<RelyingPartyOptions>().BindConfiguration(RelyingPartyOptions.Section).ValidateDataAnnotations();
        services.AddRegister().TryAddSingleton<IStatementSigner, NoSignDesk>();
    }, run, symbols);
}
