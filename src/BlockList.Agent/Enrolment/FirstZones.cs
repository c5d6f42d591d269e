using BlockList.Agent.Configuration;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;

namespace BlockList.Agent.Enrolment;

/// <summary>
/// An empty zone for each list that has none yet. Unbound does not start without the zone files that it is told to load,
/// so with these it can be configured and started before the first version is here. What is there is never touched.
/// </summary>
internal static class FirstZones
{
    private const UnixFileMode Readable = DurableFile.Shared | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="ConfigurationException">The directory cannot be made.</exception>
    public static void Create(EnrollRequest request, IEnumerable<string> lists)
    {
        try
        {
            CreateDirectory(Path.GetFullPath(request.ZoneDirectory), request.StateDirectory);
            foreach (var path in lists.Select(list => ConfigurationText.ZoneFileOf(request, list)).Where(path => !File.Exists(path)))
            {
                using var zone = new MemoryStream();
                RpzZone.Write(zone, ListFile.Empty, Serial.First);
                DurableFile.Write(path, zone.ToArray(), DurableFile.Shared);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the zone directory {request.ZoneDirectory} cannot be used: {problem.Message.TrimEnd('.')}. Give another with --zone-directory, one that the resolver may read; then run the command again.");
        }
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
