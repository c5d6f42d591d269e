namespace BlockList.Tools.Development;

internal sealed record ClusterOptions
{
    /// <summary>False gives up safety against a crash of the machine (not of a process) for speed: tests only.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Megabytes for <c>shared_buffers</c>; PostgreSQL's own default, which suits small databases, where null.</summary>
    public int? SharedBuffers { get; init; }

    public int MaxConnections { get; init; } = 200;

    /// <summary>Where the data lies below the state directory: another file system may be mounted on a folder of it.</summary>
    public IReadOnlyList<string> DataFolder { get; init; } = ["postgres"];

    /// <summary>More settings, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>True ignores <see cref="PrivateCluster.ExternalVariable"/>: for those who start, kill and restart the cluster itself.</summary>
    public bool AlwaysPrivate { get; init; }
}
