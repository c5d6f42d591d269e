using System.CommandLine;
using System.Text.Json.Nodes;
using BlockList.Agent.Enforcing;
using BlockList.Agent.Reporting;
using BlockList.Agent.State;

namespace BlockList.Agent.Commands;

internal static class DiffCommand
{
    public static Command Create(CommandContext context)
    {
        var list = ChosenVersion.ListOption();
        var names = new Option<bool>("--names") { Description = "Print the names too, each after what becomes of it: added, removed, held-out, held-in, waiting, waiting-in, left-out" };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("diff", "Compares the version in force with the newest verified.\n\n" +
            "Asks nobody: run \"fetch\" first to compare with what the server offers. Without --names it prints numbers only.") { list, names, json };
        CommandContext.SetAction(command, async (parsed, output, _) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var settings = ChosenVersion.ListOf(configuration, parsed.GetValue(list));
            var comparison = new CompareVersions(settings, new ListState(configuration.StateDirectory, settings.Id), context.Time).Run();
            await output.Results.WriteAsync(parsed.GetValue(json) ? Json(comparison, parsed.GetValue(names)) : Text(comparison, settings.ChangeWindows?.OpensAt(context.Time.GetUtcNow()), parsed.GetValue(names)));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Text(Comparison comparison, DateTimeOffset? opensAt, bool names)
    {
        var lines = new List<string>
        {
            comparison.InForce is { } inForce
                ? $"{comparison.List}: version {inForce.Version} is in force, version {comparison.Newest.Version} is the newest verified: {comparison.Added.Count} added, {comparison.Removed.Count} removed"
                : $"{comparison.List}: nothing is in force, version {comparison.Newest.Version} is the newest verified: {comparison.Added.Count} added",
        };
        var next = comparison.Next.Enforcement;
        lines.Add($"\"apply\" would put version {next.Version} in force, {next.List.Count} entries");
        lines.AddRange(EnforcementText.Of(next.Facts, next.Of, opensAt).Select(difference => $"{difference.Label}: {difference.Sentence}"));
        if (names) lines.AddRange(comparison.Names().Select(name => $"{name.Word} {name.Line}"));
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static string Json(Comparison comparison, bool names)
    {
        var next = comparison.Next.Enforcement;
        var json = new JsonObject
        {
            ["list"] = comparison.List,
            ["version_in_force"] = comparison.InForce?.Version.Value,
            ["verified_version"] = comparison.Newest.Version.Value,
            ["added"] = comparison.Added.Count,
            ["removed"] = comparison.Removed.Count,
            ["next"] = new JsonObject { ["version"] = next.Version.Value, ["enforced"] = next.Facts.ToJson() },
        };
        if (names)
            json["names"] = new JsonArray([.. comparison.Names().Select(name => (JsonNode)new JsonObject { ["what"] = name.Word, ["entry"] = name.Line })]);
        return StateJson.Text(json);
    }
}
