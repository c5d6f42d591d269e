using System.CommandLine;

namespace BlockList.Server.Roles;

internal static class DistributionRole
{
    public static Command Command() => new("distribution");
}
