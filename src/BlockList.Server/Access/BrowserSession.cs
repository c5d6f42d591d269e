namespace BlockList.Server.Access;

/// <summary>Row of a sign-in, for the person to look at; <see cref="Sessions"/> opens and reads it with each request.</summary>
internal sealed class BrowserSession
{
    public required Guid Id { get; init; }

    public required byte[] TokenSha256 { get; init; }

    public required string Person { get; init; }

    /// <summary>Id of the passkey that signed in.</summary>
    public byte[]? Passkey { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? EndedBecause { get; init; }

    /// <summary>As the browser said.</summary>
    public required string UserAgent { get; init; }
}
