using System.CommandLine;
using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;

namespace BlockList.Agent.Commands;

internal static class ConfigPrintCommand
{
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string>("RESOLVER") { Description = "The name of a [resolver NAME] section" };
        var command = new Command("print", "Prints what a resolver's own configuration must have.") { name };
        CommandContext.SetAction(command, async (parsed, output, _) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var wanted = parsed.GetRequiredValue(name);
            var resolver = configuration.Resolvers.FirstOrDefault(r => r.Name == wanted)
                ?? throw new ConfigurationException($"there is no section [resolver {wanted}]. The configuration has: {string.Join(", ", configuration.Resolvers.Select(r => r.Name))}.");
            var lists = configuration.Lists.Where(l => l.Resolver == resolver).ToArray();
            if (lists.Length == 0)
                throw new ConfigurationException($"no list is for {wanted}, so its configuration needs nothing. Add resolver={wanted} to a section [list NAME].");
            foreach (var part in KnownResolvers.Snippet(resolver, lists)) await output.Results.WriteAsync(part.Text);
            return ExitCode.Done;
        });
        return command;
    }
}
