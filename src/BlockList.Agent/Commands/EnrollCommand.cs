using System.CommandLine;
using System.Net;
using BlockList.Agent.Configuration;
using BlockList.Agent.Enrolment;
using BlockList.Agent.Transport;
using BlockList.Format;
using BlockList.Format.Enrolment;

namespace BlockList.Agent.Commands;

internal static class EnrollCommand
{
    public static Command Create(CommandContext context)
    {
        var bundle = new Argument<string?>("BUNDLE") { Description = "The directory that the operator gave you", Arity = ArgumentArity.ZeroOrOne };
        var named = new Option<string?>("--bundle") { Description = "The same, as an option", HelpName = "DIRECTORY" };
        var code = new Option<string?>("--code") { Description = "The code that the operator gave you; - reads it from standard input, where nobody sees it among the processes", HelpName = "CODE" };
        var renew = new Option<bool>("--renew") { Description = "Only a new certificate by a code, after the one before ended; configuration and lists stay" };
        var roots = new Option<string[]>("--root-sha256") { Description = "The SHA-256 of a list's root, as the operator told you by another way; once for each list", HelpName = "LIST=HEX" };
        var control = new Option<string>("--unbound-control") { Description = "The command that controls Unbound, with its arguments", HelpName = "COMMAND", DefaultValueFactory = _ => "unbound-control" };
        var address = new Option<string>("--unbound-address") { Description = "Where Unbound answers", HelpName = "IP:PORT", DefaultValueFactory = _ => "127.0.0.1:53" };
        var zones = new Option<string>("--zone-directory") { Description = "Where zone files go; Unbound must be able to read them", HelpName = "DIRECTORY", DefaultValueFactory = _ => "/var/lib/unbound/blocklist" };
        var state = new Option<string>("--state") { Description = "Where trust and lists are kept", HelpName = "DIRECTORY", DefaultValueFactory = _ => AgentConfiguration.DefaultState };
        var force = new Option<bool>("--force") { Description = "Write over a different configuration" };
        var command = new Command("enroll", "Sets this agent up from the operator's bundle.") { bundle, named, code, renew, roots, control, address, zones, state, force };
        CommandContext.SetAction(command, async (parsed, output, ct) =>
        {
            var request = new EnrollRequest(
                parsed.GetValue(bundle) ?? parsed.GetValue(named) ?? throw new ConfigurationException("enroll needs the directory that the operator gave you: blocklist-agent enroll BUNDLE"), context.ConfigPath(parsed), Path.GetFullPath(parsed.GetRequiredValue(state)), parsed.GetRequiredValue(zones),
                parsed.GetRequiredValue(control), ParseAddress(parsed.GetRequiredValue(address)), ParseHashes(parsed.GetValue(roots) ?? []), parsed.GetValue(force))
            {
                Code = parsed.GetValue(code) is { } typed ? ParseCode(typed == "-" ? await Console.In.ReadLineAsync(ct) : typed) : null,
            };
            if (parsed.GetValue(renew)) await new ReplaceCertificate(context.Time, output, Patience.Default).RunAsync(request, ct);
            else await new EnrollAgent(context.Time, output, Patience.Default).RunAsync(request, ct);
            return ExitCode.Done;
        });
        return command;
    }

    private static EnrolmentCode ParseCode(string? text) => EnrolmentCode.TryParse(text, out var code)
        ? code
        : throw new ConfigurationException($"the code is not {EnrolmentCode.Length} letters and digits in groups of five. Type it as the operator gave it.");

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
