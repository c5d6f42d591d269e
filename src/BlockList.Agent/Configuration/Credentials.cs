namespace BlockList.Agent.Configuration;

/// <summary>Where the certificate and its key lie. systemd's <c>LoadCredential</c> hands them to the service in a directory
/// that no one else can read, so that the service's own user needs no right to the originals.</summary>
internal static class Credentials
{
    private const string Variable = "CREDENTIALS_DIRECTORY";

    /// <param name="directory">Of the configuration.</param>
    /// <param name="name">As the configuration says it. Whoever writes an absolute path means that file and no other.</param>
    public static string Find(string directory, string name)
    {
        var given = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } credentials ? Path.Combine(credentials, name) : null;
        return given is not null && !Path.IsPathRooted(name) && File.Exists(given) ? given : Path.Combine(directory, name);
    }
}
