namespace BlockList.Server.Access;

/// <summary>Where to go on after a sign-in: a path of this site, whatever the address said.</summary>
internal static class LocalPath
{
    public static string Of(string? to) => to is ['/', ..] && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal) && !to.Any(char.IsControl) ? to : "/";
}
