namespace BlockList.Agent;

/// <summary>Every place between two steps at which a development build can be killed, in the order of the steps.</summary>
internal static class FaultPoints
{
    public const string FileWritten = "file/temporary-written";

    public const string FetchRootKept = "fetch/root-kept";
    public const string FetchMemoryCleared = "fetch/memory-cleared";
    public const string FetchTimestampKept = "fetch/timestamp-kept";
    public const string FetchSnapshotKept = "fetch/snapshot-kept";
    public const string FetchVersionRemembered = "fetch/version-remembered";
    public const string FetchTargetsKept = "fetch/targets-kept";
    public const string FetchContentReceived = "fetch/content-received";
    public const string FetchStepKept = "fetch/step-kept";
    public const string FetchContentKept = "fetch/content-kept";
    public const string FetchContentRecorded = "fetch/content-recorded";
    public const string FetchPollRecorded = "fetch/poll-recorded";

    public const string EnforceDecided = "enforce/decided";

    public const string ApplyRendered = "apply/rendered";
    public const string ApplyReadBack = "apply/read-back";
    public const string ApplyPreviousKept = "apply/previous-kept";
    public const string ApplySwapped = "apply/swapped";
    public const string ApplyReloaded = "apply/reloaded";
    public const string ApplyChecked = "apply/checked";
    public const string ApplyPutBack = "apply/put-back";
    public const string ApplyRecorded = "apply/recorded";
    public const string ApplyReceiptKept = "apply/receipt-kept";
    public const string ApplyReceiptPosted = "apply/receipt-posted";

    public const string ApplyIncludeWidened = "apply/include-widened";
    public const string ApplyNamesAdded = "apply/names-added";
    public const string ApplyNamesRemoved = "apply/names-removed";
    public const string ApplyIncludeNarrowed = "apply/include-narrowed";

    public static IReadOnlyList<string> All { get; } =
    [
        FileWritten,
        FetchRootKept, FetchMemoryCleared, FetchTimestampKept, FetchSnapshotKept, FetchVersionRemembered, FetchTargetsKept,
        FetchContentReceived, FetchStepKept, FetchContentKept, FetchContentRecorded, FetchPollRecorded,
        EnforceDecided,
        ApplyRendered, ApplyReadBack, ApplyPreviousKept, ApplySwapped, ApplyReloaded, ApplyChecked, ApplyPutBack,
        ApplyRecorded, ApplyReceiptKept, ApplyReceiptPosted,
    ];

    /// <summary>Those that only a list reaches that goes to Unbound through its control channel.</summary>
    public static IReadOnlyList<string> ByChannel { get; } = [ApplyIncludeWidened, ApplyNamesAdded, ApplyNamesRemoved, ApplyIncludeNarrowed];
}
