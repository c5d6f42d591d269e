using System.CommandLine;

namespace BlockList.Server.Roles;

internal static class CurationRole
{
    public static Command Command() => new("curation");
}
