namespace BlockList.Agent.Applying;

/// <summary>A version could not be put in force. The message says what is in force now.</summary>
internal sealed class ApplyFailedException(string message, Exception? inner = null) : Exception(message, inner);
