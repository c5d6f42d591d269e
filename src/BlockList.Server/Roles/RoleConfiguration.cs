using System.CommandLine;

namespace BlockList.Server.Roles;

/// <summary>How every role is configured: one INI file, then environment variables <c>BLOCKLIST_Section__Key</c>.</summary>
internal static class RoleConfiguration
{
    /// <summary>The option that every subcommand has.</summary>
    public static Option<FileInfo?> ConfigOption() => new("--config")
    {
        Description = "INI file of this role; the section of a setting is the module that reads it",
        Recursive = true,
    };

    /// <exception cref="RoleException">The file does not exist.</exception>
    public static IConfigurationBuilder AddRole(this IConfigurationBuilder configuration, FileInfo? file)
    {
        if (file is { Exists: false })
            throw new RoleException($"The configuration file {file.FullName} does not exist. Name another with --config.");
        if (file is not null) configuration.AddIniFile(file.FullName, optional: false, reloadOnChange: false);
        return configuration.AddEnvironmentVariables("BLOCKLIST_");
    }
}
