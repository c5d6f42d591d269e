namespace BlockList.Server.Tests.House;

/// <summary>One row of the table of arrows.</summary>
/// <param name="From">A module.</param>
/// <param name="To">The modules that it may use beside the floor and itself; <see cref="Every"/> for all below the roof.</param>
internal sealed record Arrow(string From, params string[] To)
{
    public const string Every = "*";
}
