namespace BlockList.Format.Statements;

/// <summary>What a complaint about one entry came to.</summary>
public enum ComplaintOutcome
{
    /// <summary>The criteria were never met: the entry goes for good.</summary>
    Upheld,

    /// <summary>The material is gone, and who controls the domain now is not who had it there: the entry goes for good.</summary>
    Cleaned,

    /// <summary>The entry reaches too far: it goes, and what stays listed is proposed anew as single hosts.</summary>
    Partly,

    /// <summary>The entry stays.</summary>
    Rejected,
}
