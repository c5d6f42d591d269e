using System.CommandLine;
using System.Globalization;
using BlockList.Agent.Configuration;
using BlockList.Format;

namespace BlockList.Agent.Commands;

/// <summary>The version and the list that a command line names.</summary>
internal static class ChosenVersion
{
    public static Option<string> Option(string name, string description) => new(name) { Description = description, HelpName = "VERSION" };

    public static Option<string> ListOption() => new("--list") { Description = "The list that is meant; needed where there are several", HelpName = "LIST" };

    /// <exception cref="ConfigurationException">The text is no version.</exception>
    public static Serial? Parse(string? text, string option)
    {
        if (text is null) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Serial.TryCreate(number, out var serial)
            ? serial
            : throw new ConfigurationException($"{option} \"{text}\" is no version. Give its number, such as {option} 124.");
    }

    /// <summary>The one list that a command is for.</summary>
    /// <exception cref="ConfigurationException">It does not exist, or there are several and none was named.</exception>
    public static ListSettings ListOf(AgentConfiguration configuration, string? wanted)
    {
        var lists = configuration.Lists.Where(l => wanted is null || l.Id == wanted).ToArray();
        var known = string.Join(", ", configuration.Lists.Select(l => l.Id));
        if (lists.Length == 0) throw new ConfigurationException($"there is no list \"{wanted}\" in the configuration. It has: {known}.");
        return lists.Length == 1 ? lists[0] : throw new ConfigurationException($"there are several lists ({known}), and versions of each have numbers of their own. Say which with --list.");
    }
}
