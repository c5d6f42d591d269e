using System.Globalization;

namespace BlockList.Agent.State;

/// <summary>
/// One agent at a time writes a state directory. The lock is the kernel's (flock): it ends with its process however
/// that dies, so nothing is ever left locked. The file beside it only tells people who holds it.
/// </summary>
internal sealed class AgentLock : IDisposable
{
    private const string LockName = "agent.lock";
    private const string HolderName = "agent.pid";

    /// <summary>EWOULDBLOCK, what flock(2) says of a lock that another process holds. A disk that is read-only or full says something else.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream held;

    private AgentLock(FileStream held) => this.held = held;

    /// <exception cref="AgentLockedException">Another process holds it.</exception>
    public static AgentLock Take(string stateDirectory, string command)
    {
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(stateDirectory, LockName), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = DurableFile.Private,
            });
        }
        catch (IOException problem) when (problem.HResult == WouldBlock)
        {
            throw new AgentLockedException(stateDirectory, HolderOf(stateDirectory), problem);
        }
        SayWho(stateDirectory, command);
        return new AgentLock(held);
    }

    public void Dispose() => held.Dispose();

    private static void SayWho(string stateDirectory, string command)
    {
        try
        {
            var holder = Path.Combine(stateDirectory, HolderName);
            File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, blocklist-agent {command}\n"));
            foreach (var path in (string[])[Path.Combine(stateDirectory, LockName), holder]) Ownership.Follow(path);
        }
        catch (IOException)
        {
            // A full disk must not keep what lies there from being put in force; the lock is held, and only its holder's name is missing.
        }
    }

    private static string HolderOf(string stateDirectory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(stateDirectory, HolderName)).Trim();
        }
        catch (IOException)
        {
            return "a process that has not said its number yet";
        }
    }
}
