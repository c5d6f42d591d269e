namespace BlockList.Server.Publishing;

/// <summary>The hash of one complete subtree of a list's log (<see cref="Format.Log.TreeNode"/>).</summary>
internal sealed class LoggedNode
{
    public required string List { get; init; }

    public required short Level { get; init; }

    public required long Index { get; init; }

    public required byte[] Hash { get; init; }
}
