namespace BlockList.Server.Curation.Importing;

/// <summary>One import that waits for, or has, a worker of this process.</summary>
/// <param name="import">Which.</param>
/// <param name="agency">Whose; agencies take turns.</param>
/// <param name="bytes">Of the file that it holds in memory.</param>
/// <param name="otherwise">The state that the import goes to where the work does not come to its end.</param>
/// <param name="work">Writes its own result and the state that goes with it, in one transaction.</param>
internal sealed class ImportJob(Guid import, string agency, long bytes, string otherwise, Func<IProgress<ImportProgress>, CancellationToken, Task> work) : IProgress<ImportProgress>
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ImportProgress _progress = new("Waiting for a free place", 0, 0);

    public Guid Import => import;

    public string Agency => agency;

    public long Bytes => bytes;

    public string Otherwise => otherwise;

    public ImportProgress Progress => _progress;

    /// <summary>When it came to its end, however that was.</summary>
    public Task Done => _done.Task;

    public void Report(ImportProgress value) => _progress = value;

    public Task RunAsync(CancellationToken cancellationToken) => work(this, cancellationToken);

    public void Finish() => _done.TrySetResult();
}
