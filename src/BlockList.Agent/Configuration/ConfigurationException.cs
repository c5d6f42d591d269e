namespace BlockList.Agent.Configuration;

/// <summary>The configuration or the command line must be changed. The message has one problem a line, each with its place.</summary>
internal sealed class ConfigurationException(string message) : Exception(message)
{
    public ConfigurationException(IEnumerable<string> problems) : this(string.Join('\n', problems))
    {
    }
}
