namespace BlockList.Format.Statements;

/// <summary>What is decided about a version that a gate holds.</summary>
public enum VersionAction
{
    /// <summary>The change is right: it is published.</summary>
    Confirm,

    /// <summary>The change is not made. The decisions behind it stand; what follows from them waits until it is confirmed after
    /// all, or they change.</summary>
    Discard,
}
