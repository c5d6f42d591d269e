using System.CommandLine;

namespace BlockList.Tools.Commands;

/// <summary>A piece of work that is asked for by name; it gets the checkout and returns the exit code.</summary>
internal delegate Task<int> NamedWork(string checkout, CancellationToken ct);

/// <summary><c>bench NAME</c> and <c>chaos NAME</c>: without a name, or with an unknown one, they list what there is.</summary>
internal static class NamedWorkCommand
{
    private const int Usage = 2;

    public static Command Create(string name, string description, IReadOnlyDictionary<string, NamedWork> known)
    {
        var asked = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "One of the names that the command lists when it is given none" };
        var command = new Command(name, description) { asked };
        command.SetAction((parsed, ct) => RunAsync(name, parsed.GetValue(asked), known, Checkout.Of(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        string command, string? name, IReadOnlyDictionary<string, NamedWork> known, string checkout, CancellationToken ct)
    {
        if (name is not null && known.TryGetValue(name, out var work))
            return await work(checkout, ct);

        var list = known.Count == 0 ? "none yet" : string.Join(", ", known.Keys.Order(StringComparer.Ordinal));
        await Console.Error.WriteLineAsync(name is null ? $"Usage: tools/{command} NAME" : $"There is no {command} named '{name}'.");
        await Console.Error.WriteLineAsync($"Names: {list}");
        return Usage;
    }
}
