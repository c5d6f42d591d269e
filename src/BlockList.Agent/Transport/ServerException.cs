namespace BlockList.Agent.Transport;

/// <summary>The server could not be asked, or did not give what was asked for. What is in force stays in force.</summary>
internal sealed class ServerException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The <c>type</c> of the problem document that it answered, where it did.</summary>
    public string? Code { get; init; }

    /// <summary>How long the server asked to be left alone, where it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What it answered, where it answered.</summary>
    public System.Net.HttpStatusCode? Status { get; init; }
}
