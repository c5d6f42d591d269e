namespace BlockList.Tools.Development;

/// <summary>The lines a program wrote: all of them in a file, the newest in memory, and whoever waits for one is told.</summary>
internal sealed class OutputLog : IDisposable
{
    private const int KeptLines = 5_000;
    private const int ShownLines = 50;
    private const long LargestOldLog = 10_000_000;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly List<(Func<string, bool> Fits, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly StreamWriter _file;
    private bool _closed;

    public OutputLog(string fileName, string program)
    {
        FileName = fileName;
        // A restarted program goes on in the same file, so that what led to a crash can still be read.
        var keep = File.Exists(fileName) && new FileInfo(fileName).Length < LargestOldLog;
        _file = new StreamWriter(fileName, append: keep) { AutoFlush = true };
        _file.WriteLine($"--- {program} starts, {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC");
    }

    public string FileName { get; }

    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_gate)
                return [.. _lines.TakeLast(ShownLines)];
        }
    }

    public async Task FollowAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Add(line);
    }

    /// <summary>Cancelled when the program has ended without the line.</summary>
    public Task<string> FindAsync(Func<string, bool> fits)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.FirstOrDefault(fits) is { } line)
                found.SetResult(line);
            else if (_closed)
                found.SetCanceled();
            else
                _waiting.Add((fits, found));
        }

        return found.Task;
    }

    /// <summary>The program has ended: nothing more is written, and nobody waits in vain.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _file.Dispose();
            foreach (var (_, found) in _waiting)
                found.TrySetCanceled();
            _waiting.Clear();
        }
    }

    private void Add(string line)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _file.WriteLine(line);
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
                _lines.Dequeue();
            foreach (var (_, found) in _waiting.Where(waiter => waiter.Fits(line)))
                found.TrySetResult(line);
            _waiting.RemoveAll(waiter => waiter.Found.Task.IsCompleted);
        }
    }
}
