using System.CommandLine;
using System.Net;
using BlockList.Agent.Configuration;
using BlockList.Agent.Enrolment;
using BlockList.Agent.Transport;
using BlockList.Format;

namespace BlockList.Agent.Commands;

internal static class EnrollCommand
{
    public static Command Create(CommandContext context)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "The directory that the operator gave you" };
        var roots = new Option<string[]>("--root-sha256") { Description = "The SHA-256 of a list's root, as the operator told you by another way; once for each list", HelpName = "LIST=HEX" };
        var control = new Option<string>("--unbound-control") { Description = "The command that controls Unbound, with its arguments", HelpName = "COMMAND", DefaultValueFactory = _ => "unbound-control" };
        var address = new Option<string>("--unbound-address") { Description = "Where Unbound answers", HelpName = "IP:PORT", DefaultValueFactory = _ => "127.0.0.1:53" };
        var zones = new Option<string>("--zone-directory") { Description = "Where zone files go; Unbound must be able to read them", HelpName = "DIRECTORY", DefaultValueFactory = _ => "/var/lib/unbound/blocklist" };
        var state = new Option<string>("--state") { Description = "Where trust and lists are kept", HelpName = "DIRECTORY", DefaultValueFactory = _ => AgentConfiguration.DefaultState };
        var force = new Option<bool>("--force") { Description = "Write over a different configuration" };
        var command = new Command("enroll", "Sets this agent up from the operator's bundle.") { bundle, roots, control, address, zones, state, force };
        CommandContext.SetAction(command, async (parsed, output, ct) =>
        {
            var request = new EnrollRequest(
                parsed.GetRequiredValue(bundle), context.ConfigPath(parsed), Path.GetFullPath(parsed.GetRequiredValue(state)), parsed.GetRequiredValue(zones),
                parsed.GetRequiredValue(control), ParseAddress(parsed.GetRequiredValue(address)), ParseHashes(parsed.GetValue(roots) ?? []), parsed.GetValue(force));
            await new EnrollAgent(context.Time, output, Patience.Default).RunAsync(request, ct);
            return ExitCode.Done;
        });
        return command;
    }

    private static IPEndPoint ParseAddress(string text) => IPEndPoint.TryParse(text, out var address) && address.Port != 0
        ? address
        : throw new ConfigurationException($"--unbound-address \"{text}\" is no address. Write IP:PORT, such as 127.0.0.1:53.");

    private static Dictionary<string, string> ParseHashes(IEnumerable<string> texts)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var hash = text.Split('=') is [_, var value] ? value.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant() : "";
            if (!Hashes.IsSha256(hash) || !hashes.TryAdd(text.Split('=')[0], hash))
                throw new ConfigurationException($"--root-sha256 \"{text}\" is not LIST=HEX with 64 hexadecimal digits, once for each list.");
        }
        return hashes;
    }
}
