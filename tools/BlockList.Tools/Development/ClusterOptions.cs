namespace BlockList.Tools.Development;

internal sealed record ClusterOptions
{
    /// <summary>False gives up safety against a crash of the machine (not of a process) for speed: tests only.</summary>
    public bool Durable { get; init; } = true;

    public int MaxConnections { get; init; } = 200;

    /// <summary>True ignores <see cref="PrivateCluster.ExternalVariable"/>: for those who start, kill and restart the cluster itself.</summary>
    public bool AlwaysPrivate { get; init; }
}
