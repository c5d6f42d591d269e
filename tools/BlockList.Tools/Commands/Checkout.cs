using System.CommandLine;

namespace BlockList.Tools.Commands;

/// <summary>Which checkout is meant; its state directory holds the cluster, keys and logs.</summary>
internal static class Checkout
{
    public static readonly Option<DirectoryInfo> Option = new("--checkout")
    {
        Description = "The checkout whose .local directory holds the state (default: the one these tools were built in)",
        HelpName = "DIR",
        Recursive = true,
        DefaultValueFactory = _ => Own(),
    };

    public static string Of(ParseResult parsed) => parsed.GetRequiredValue(Option).FullName;

    internal static DirectoryInfo Own()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "BlockList.sln")))
                return directory;
        }

        return new DirectoryInfo(Environment.CurrentDirectory);
    }
}
