namespace BlockList.Agent;

/// <summary>How the program ends. Monitoring is built on these numbers: they never change their meaning.</summary>
internal enum ExitCode
{
    /// <summary>Done, or everything was current already.</summary>
    Done = 0,

    /// <summary>A defect of this program.</summary>
    Fault = 1,

    /// <summary>The command line or the configuration must be changed by a person.</summary>
    Usage = 2,

    /// <summary>The server could not be asked or refused to answer; the last good list stays in force.</summary>
    Network = 3,

    /// <summary>What the server sent, or what is stored, does not verify; the last good list stays in force.</summary>
    Refused = 4,

    /// <summary>Signed metadata is past its date, or nothing fresh was seen for too long.</summary>
    Stale = 5,

    /// <summary>The new version could not be put in force, or the disk failed; what was in force before was put back.</summary>
    ApplyFailed = 6,

    /// <summary>A brake keeps back what a version changed, until a person accepts that version; the rest is in force.</summary>
    Held = 7,
}
