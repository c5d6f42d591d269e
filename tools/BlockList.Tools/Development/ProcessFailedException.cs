namespace BlockList.Tools.Development;

/// <summary>A program ended early or did not get ready; the message carries its last lines.</summary>
internal sealed class ProcessFailedException(string message) : Exception(message);
