namespace BlockList.Server.Curation.Importing;

/// <summary>Work that waits, agency by agency: one with a hundred files keeps nobody else waiting for more than one of them.
/// What is in it, and what was taken out and is not finished, is bounded.</summary>
internal sealed class ImportTurns(int mostJobs, long mostBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<ImportJob>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private int _jobs;
    private long _bytes;

    /// <summary>Keeps a place for work of this size until <see cref="Free"/>; false where there is none.</summary>
    public bool TryReserve(long bytes)
    {
        lock (_lock)
        {
            if (_jobs >= mostJobs || (_bytes > 0 && _bytes + bytes > mostBytes)) return false;
            _jobs++;
            _bytes += bytes;
            return true;
        }
    }

    public void Free(long bytes)
    {
        lock (_lock)
        {
            _jobs--;
            _bytes -= bytes;
        }
    }

    public void Add(ImportJob job)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(job.Agency, out var own))
            {
                _waiting.Add(job.Agency, own = new Queue<ImportJob>());
                _turns.Enqueue(job.Agency);
            }
            own.Enqueue(job);
        }
    }

    /// <summary>The next, or null where nothing waits.</summary>
    public ImportJob? Take()
    {
        lock (_lock)
        {
            if (!_turns.TryDequeue(out var agency)) return null;
            var own = _waiting[agency];
            var job = own.Dequeue();
            if (own.Count > 0) _turns.Enqueue(agency);
            else _waiting.Remove(agency);
            return job;
        }
    }
}
