using System.CommandLine;

namespace BlockList.Server.Roles;

internal static class WorkerRole
{
    public static Command Command() => new("worker");
}
