using BlockList.Agent.Configuration;
using BlockList.Agent.State;

namespace BlockList.Agent.Checking;

internal static class DirectoryCheck
{
    private const string Probe = ".blocklist-agent-check";

    /// <summary>Tries it: modes say little of read-only disks, quotas and sandboxes.</summary>
    /// <exception cref="ConfigurationException">This user cannot write there.</exception>
    public static void RequireWritable(string directory)
    {
        var probe = Path.Combine(directory, Probe);
        try
        {
            DurableFile.Create(probe, DurableFile.Private).Dispose();
            File.Delete(probe);
        }
        catch (DirectoryNotFoundException)
        {
            throw new ConfigurationException($"the directory {directory} does not exist. Create it, writable for {Environment.UserName}, or name another.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{Environment.UserName} cannot write to {directory} ({problem.Message.TrimEnd('.')}). Correct its owner or mode, or name another.");
        }
    }
}
