namespace BlockList.Server.Publishing;

/// <summary>The verifier refused its signature, or did not answer. Nothing was published: stop and page someone.</summary>
/// <param name="message">What it means, and what to do.</param>
/// <param name="isRepeated">It was not asked now: it refused the same before, and somebody was told then.</param>
internal sealed class NotCountersignedException(string message, bool isRepeated = false) : Exception(message)
{
    public bool IsRepeated => isRepeated;

    /// <summary>It did not answer, which is less grave than a refusal.</summary>
    public bool IsSilence { get; init; }
}
