namespace BlockList.Format.Statements;

/// <summary>Where an episode stands at an instant. It is computed from the decisions and never typed in.</summary>
public enum EpisodeStage
{
    /// <summary>Too few agencies of too few countries found the criteria met so far.</summary>
    Review,

    /// <summary>An agency found a criterion not met; a published entry stays in until its review clock ends.</summary>
    Disputed,

    /// <summary>Belongs on the list.</summary>
    Eligible,

    /// <summary>Every agency that voted took its vote back.</summary>
    Withdrawn,

    /// <summary>Out until someone decides: it was published, was doubted, and nobody decided within the review clock; or a complaint
    /// about it is being decided.</summary>
    Suspended,

    /// <summary>Over: the newest sighting is older than the lease.</summary>
    Lapsed,

    /// <summary>Over: a release officer removed it, or a complaint about it was upheld.</summary>
    Removed,

    /// <summary>Over: two agencies found a criterion not met.</summary>
    Declined,
}
