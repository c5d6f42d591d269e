using System.CommandLine;

namespace BlockList.Server.Roles;

internal static class PublisherRole
{
    public static Command Command() => new("publisher");
}
