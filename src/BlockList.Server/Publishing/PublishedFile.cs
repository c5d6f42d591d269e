namespace BlockList.Server.Publishing;

/// <summary>An immutable file that is served: <c>tuf/3.root.json</c>, <c>targets/delta/HASH.4-5.txt</c>.</summary>
internal sealed class PublishedFile
{
    public required string List { get; init; }

    /// <summary>Below <c>/v1/{list}/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Of the decoded content.</summary>
    public required string Sha256 { get; init; }

    public required byte[] Content { get; init; }

    /// <summary>The same content compressed, or null where compression does not make it shorter.</summary>
    public byte[]? Brotli { get; init; }

    /// <inheritdoc cref="Brotli"/>
    public byte[]? Gzip { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
