namespace BlockList.Server.Distribution.Pages;

/// <param name="Logs">The newest checkpoint of each list that has a log.</param>
/// <param name="Differing">Receipts that knew another log, the newest first; null for who may not see providers.</param>
/// <param name="IsFirst">Whether the newest are among them.</param>
/// <param name="Next">Row before which the next page begins; null after the last.</param>
internal sealed record LogModel(IReadOnlyList<NewestCheckpoint> Logs, IReadOnlyList<DifferingReceipt>? Differing, bool IsFirst, long? Next);

/// <param name="List">The list.</param>
/// <param name="Size">How many leaves its log has.</param>
/// <param name="RootSha256">The root over them.</param>
/// <param name="At">When the last one was added.</param>
internal sealed record NewestCheckpoint(string List, long Size, string RootSha256, DateTimeOffset At);

/// <param name="Id">The receipt's row.</param>
/// <param name="At">When it came.</param>
/// <param name="Provider">Whose agent wrote it.</param>
/// <param name="List">The list.</param>
/// <param name="Version">In force there.</param>
/// <param name="Size">How many leaves the agent's log had.</param>
/// <param name="RootSha256">The root over them.</param>
/// <param name="Ours">Our root at that size; null where our log is shorter.</param>
internal sealed record DifferingReceipt(long Id, DateTimeOffset At, string Provider, string List, int Version, long Size, string RootSha256, string? Ours);
