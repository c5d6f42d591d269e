using System.Globalization;
using System.Net;
using BlockList.Agent.Resolvers;

namespace BlockList.Agent.Configuration;

/// <summary>Reads <c>[resolver NAME]</c>.</summary>
internal static class ResolverSection
{
    private const int MostNames = 10_000_000;
    private const int LongestSettling = 600;

    public static ResolverSettings Read(IniSection section)
    {
        var type = ReadType(section);
        var control = (section.Optional("control") ?? type.Control).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (control.Length == 0) section.Wrong("control", $"the control command is empty. Write control={type.Control}, with arguments if it needs any.");
        var text = section.Optional("address") ?? "127.0.0.1:53";
        if (!IPEndPoint.TryParse(text, out var address) || address.Port == 0)
            section.Wrong("address", $"\"{text}\" is no address of a resolver. Write IP:PORT, such as 127.0.0.1:53 or [::1]:53.");
        var channelAbove = type == ResolverType.Unbound
            ? ReadNumber(section, "channel-above", ResolverSettings.DefaultChannelAbove, MostNames, "names")
            : int.MaxValue;
        var settling = ReadNumber(section, "settling", (int)type.Settling.TotalSeconds, LongestSettling, "seconds");
        return new ResolverSettings(section.Name!, type, control, address ?? new IPEndPoint(IPAddress.Loopback, 53), channelAbove, TimeSpan.FromSeconds(settling));
    }

    private static ResolverType ReadType(IniSection section)
    {
        var word = section.Required("type");
        var type = ResolverType.All.FirstOrDefault(t => t.Word == word);
        if (type is null && word.Length > 0)
            section.Wrong("type", $"\"{word}\" is no resolver that this version can control. Write type= and one of: {string.Join(", ", ResolverType.All.Select(t => t.Word))}.");
        return type ?? ResolverType.Unbound;
    }

    private static int ReadNumber(IniSection section, string key, int usual, int most, string unit)
    {
        if (section.Optional(key) is not { } text) return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most) return number;
        section.Wrong(key, $"\"{text}\" is no number of {unit}. Write {key}= and a number from 0 to {most}; without the line it is {usual}.");
        return usual;
    }
}
