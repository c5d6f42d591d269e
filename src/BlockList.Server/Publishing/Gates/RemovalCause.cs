namespace BlockList.Server.Publishing.Gates;

/// <summary>Why an entry that is on a list is not to be on it any more, as far as haste goes.</summary>
internal enum RemovalCause
{
    /// <summary>Its lease ran out, or the register of agencies changed: it waits for the next slot.</summary>
    Time,

    /// <summary>People decided so: it leaves at once.</summary>
    Decision,

    /// <summary>It is suspended, or a complaint about it was upheld: somebody who may be innocent is stopped meanwhile. It goes before all others.</summary>
    Suspension,
}
