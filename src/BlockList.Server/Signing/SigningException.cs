namespace BlockList.Server.Signing;

/// <summary>A key that cannot be used. Nothing was signed.</summary>
internal sealed class SigningException(string message, Exception? inner = null) : Exception(message, inner);
