namespace BlockList.Server.Publishing;

/// <summary>The verifier refused its signature, or did not answer. Nothing was published: stop and page someone.</summary>
internal sealed class NotCountersignedException(string message) : Exception(message);
