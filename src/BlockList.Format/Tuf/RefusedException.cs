namespace BlockList.Format.Tuf;

/// <summary>Metadata or a file that must not be used. What is in force stays in force.</summary>
public sealed class RefusedException : Exception
{
    public RefusedException(RefusalReason reason, string message, Exception? inner = null) : base(message, inner) => Reason = reason;

    public RefusedException()
    {
    }

    public RefusedException(string message) : base(message)
    {
    }

    public RefusedException(string message, Exception inner) : base(message, inner)
    {
    }

    public RefusalReason Reason { get; }
}
