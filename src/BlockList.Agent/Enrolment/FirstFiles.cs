using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Enrolment;

/// <summary>
/// Files that block nothing, for each list that has none yet. Unbound does not start without the files that it is told to
/// load, so with these it can be configured and started before the first version is here. What is there is never touched.
/// </summary>
internal static class FirstFiles
{
    private const UnixFileMode Readable = DurableFile.Shared | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="ConfigurationException">The directory cannot be used.</exception>
    public static async Task CreateAsync(AgentConfiguration configuration, CancellationToken ct)
    {
        foreach (var list in configuration.Lists)
        {
            var directory = Path.GetDirectoryName(list.ZoneFile)!;
            try
            {
                CreateDirectory(directory, configuration.StateDirectory);
                await CreateAsync(KnownResolvers.Of(list), ct);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException($"the zone directory {directory} cannot be used: {problem.Message.TrimEnd('.')}. Give another with --zone-directory and --force, one that the resolver may read.");
            }
        }
    }

    private static async Task CreateAsync(IResolver resolver, CancellationToken ct)
    {
        if (resolver.Sha256 is not null) return;
        await resolver.RenderAsync(ListFile.Empty, Serial.First, ct);
        resolver.ReadBack(ListFile.Empty, Serial.First);
        resolver.Place();
    }

    /// <summary>It belongs to the agent's own user, like the state; the resolver only reads there.</summary>
    private static void CreateDirectory(string directory, string state)
    {
        if (Directory.Exists(directory)) return;
        // A parent that is missing is a resolver that is not installed; making it would stand in that package's way.
        if (!Directory.Exists(Path.GetDirectoryName(directory))) throw new DirectoryNotFoundException($"{Path.GetDirectoryName(directory)} does not exist");
        Directory.CreateDirectory(directory, Readable);
        Ownership.Give(directory, state);
    }
}
