namespace BlockList.Format.Statements;

/// <summary>What a decision does. Later kinds are added at the end; a reader refuses one it does not know.</summary>
public enum DecisionKind
{
    /// <summary>Opens an episode and is its agency's first assessment.</summary>
    Proposal,

    /// <summary>One agency's judgement of one name and scope against one version of the criteria.</summary>
    Assessment,

    /// <summary>A person saw the material online at a stated time; lengthens the lease.</summary>
    Sighting,

    /// <summary>An agency takes its own vote back.</summary>
    Withdrawal,

    /// <summary>A release officer ends the episode.</summary>
    Removal,

    /// <summary>A release officer lets the entry be listed although a source of the never-block register speaks against it.</summary>
    Override,

    /// <summary>A release officer wants the never-block guard to hold for an entry that was listed before its rule came; of two of them, it does.</summary>
    Enforcement,

    /// <summary>Takes an entry off the list while a complaint about it is decided.</summary>
    Suspension,

    /// <summary>Ends that: the entry is on the list again if it would be without the suspension.</summary>
    SuspensionEnd,

    /// <summary>What a complaint about an entry came to.</summary>
    ComplaintOutcome,
}
