namespace BlockList.Agent.Transport;

/// <summary>What came of a request that may be answered by "not changed" or "no such file".</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Body">The decoded file; empty unless <see cref="AnswerKind.File"/>.</param>
/// <param name="ETag">The tag of exactly the encoding that was sent, or null.</param>
internal sealed record ServerAnswer(AnswerKind Kind, byte[] Body, string? ETag = null)
{
    public static ServerAnswer NotModified { get; } = new(AnswerKind.NotModified, []);

    public static ServerAnswer NotFound { get; } = new(AnswerKind.NotFound, []);
}
