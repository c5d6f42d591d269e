using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using BlockList.Agent.Applying;
using BlockList.Agent.Reporting;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format.Json;

namespace BlockList.Agent.Commands;

internal static class StatusCommand
{
    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON for a monitoring system" };
        var command = new Command("status", "Shows which version is in force, and what is wrong.") { json };
        CommandContext.SetAction(command, async (parsed, output, _) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var now = context.Time.GetUtcNow();
            var lists = configuration.Lists.Select(l => ListStatus.Read(l, new ListState(configuration.StateDirectory, l.Id), now)).ToArray();
            var ends = ClientIdentity.EndOf(configuration.Server);
            await output.Results.WriteAsync(parsed.GetValue(json) ? Json(lists, ends, now) : Text(lists, ends, now));
            return lists.Select(l => l.Code).Aggregate(ExitCode.Done, Failure.Gravest);
        });
        return command;
    }

    private static string Json(ListStatus[] lists, DateTimeOffset? ends, DateTimeOffset now) => StateJson.Text(new JsonObject
    {
        ["agent_version"] = ReceiptText.AgentVersion,
        ["clock"] = Timestamp.Format(now),
        ["certificate_ends_at"] = ends is { } at ? Timestamp.Format(at) : null,
        ["certificate_days_left"] = ends is { } until ? (int)(until - now).TotalDays : null,
        ["lists"] = new JsonArray([.. lists.Select(l => (JsonNode)l.ToJson())]),
    });

    private static string Text(ListStatus[] lists, DateTimeOffset? ends, DateTimeOffset now) =>
        string.Join('\n', lists.Select(StatusText.Of)) + (ends is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"\ncertificate       ends in {(int)(at - now).TotalDays} days\n")
            : "\ncertificate       cannot be read; check [server] certificate\n");
}
