using System.CommandLine;
using System.Text;
using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;

namespace BlockList.Agent.Commands;

internal static class ConfigPrintCommand
{
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string>("RESOLVER") { Description = "The name of a [resolver NAME] section" };
        var to = new Option<string>("--to") { Description = "Write it to this file, readable for everyone, instead of printing it", HelpName = "FILE" };
        var command = new Command("print", "Prints what a resolver's own configuration must have.") { name, to };
        CommandContext.SetAction(command, async (parsed, output, _) =>
        {
            var configuration = context.ReadConfiguration(parsed);
            var wanted = parsed.GetRequiredValue(name);
            var resolver = configuration.Resolvers.FirstOrDefault(r => r.Name == wanted)
                ?? throw new ConfigurationException($"there is no section [resolver {wanted}]. The configuration has: {string.Join(", ", configuration.Resolvers.Select(r => r.Name))}.");
            var lists = configuration.Lists.Where(l => l.Resolver == resolver).ToArray();
            if (lists.Length == 0)
                throw new ConfigurationException($"no list is for {wanted}, so its configuration needs nothing. Add resolver={wanted} to a section [list NAME].");
            var parts = KnownResolvers.Snippet(resolver, lists);
            if (parsed.GetValue(to) is { } file) await WriteAsync(file, resolver, parts, output);
            else foreach (var part in parts) await output.Results.WriteAsync(part.Text);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Whole or not at all: a resolver's configuration that is cut off keeps it from starting.</summary>
    private static async Task WriteAsync(string file, ResolverSettings resolver, IReadOnlyList<SnippetPart> parts, AgentOutput output)
    {
        if (parts is not [var part])
            throw new ConfigurationException($"the pieces for {resolver.Name} belong in {parts.Count} places of its configuration, so no one file can have them. Print them without --to and put each where its first line says.");
        try
        {
            DurableFile.Write(file, Encoding.UTF8.GetBytes(part.Text), DurableFile.Shared);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file} cannot be written: {problem.Message.TrimEnd('.')}. Nothing was changed.");
        }
        await output.Results.WriteLineAsync($"{file} was written. Check the resolver's configuration, then start it again.");
    }
}
