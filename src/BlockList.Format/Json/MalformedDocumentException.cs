namespace BlockList.Format.Json;

/// <summary>Bytes that claim to be a document of this format and are not. The message says which rule they break
/// and never repeats a listed name.</summary>
public sealed class MalformedDocumentException : FormatException
{
    public MalformedDocumentException(string message) : base(message)
    {
    }

    public MalformedDocumentException(string message, Exception inner) : base(message, inner)
    {
    }

    public MalformedDocumentException()
    {
    }
}
