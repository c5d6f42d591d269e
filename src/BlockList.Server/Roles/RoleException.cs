namespace BlockList.Server.Roles;

/// <summary>A command that cannot go on, with a message for the person who typed it: what happened and what to do.</summary>
internal sealed class RoleException(string message, int exitCode = 2) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
