namespace BlockList.Format.Statements;

/// <summary>Why a decision about a complaint has no effect beside those before it.</summary>
public enum ComplaintObjection
{
    /// <summary>The entry is suspended for this complaint already.</summary>
    Suspended,

    /// <summary>The entry is not suspended for this complaint.</summary>
    NotSuspended,

    /// <summary>It was decided and is not decided anew here, or is said to be decided anew and was not decided like that.</summary>
    OtherOutcome,

    /// <summary>It was rejected: all that follows is oversight's.</summary>
    NeedsOversight,

    /// <summary>Nobody decides about an appeal against their own outcome.</summary>
    OwnOutcome,

    /// <summary>It is over: it was upheld, or an appeal was decided.</summary>
    Final,
}
