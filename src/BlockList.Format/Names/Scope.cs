namespace BlockList.Format.Names;

/// <summary>How much of the name an entry covers.</summary>
public enum Scope
{
    /// <summary>The name and everything below it.</summary>
    Domain,

    /// <summary>That name only; no renderer may widen it.</summary>
    Host,
}
