namespace BlockList.Agent.Applying;

/// <summary>A version could not be put in force. The message says what is in force now.</summary>
/// <param name="message">For people, with paths and what the resolver said.</param>
/// <param name="step">Where it failed, a word for receipts: <see cref="Render"/>, <see cref="Load"/>, <see cref="Check"/> or <see cref="Disk"/>.</param>
/// <param name="inner">Why, where another exception says it.</param>
internal sealed class ApplyFailedException(string message, string step, Exception? inner = null) : Exception(message, inner)
{
    public const string Render = "render";
    public const string Load = "load";
    public const string Check = "check";
    public const string Disk = "disk";

    public string Step { get; } = step;
}
