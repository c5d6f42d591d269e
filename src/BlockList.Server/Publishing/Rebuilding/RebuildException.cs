namespace BlockList.Server.Publishing.Rebuilding;

/// <summary>A version cannot be computed again here and now; the message says what is missing.</summary>
internal sealed class RebuildException(string message) : Exception(message);
