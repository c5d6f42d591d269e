using System.Collections.Concurrent;
using Npgsql;

namespace BlockList.Server.Curation.Importing;

/// <summary>
/// Does the work on imports beside the requests, one for each core, and writes down every moment how far it is. What a crash
/// leaves is a row that says it is at work and has said so for the last time: after <see cref="SilentFor"/> pages call it
/// stopped. Nothing of its work is in the database then, since each kind of work is one transaction.
/// </summary>
internal sealed partial class ImportRunner(NpgsqlDataSource database, ILogger<ImportRunner> logger) : BackgroundService
{
    public static readonly TimeSpan SilentFor = TimeSpan.FromMinutes(1);

    private const int MostJobs = 64;
    private const long MostBytes = 4L * ImportFile.MaximumLength;
    private static readonly TimeSpan SaysSoEvery = TimeSpan.FromMilliseconds(500);

    private readonly ImportTurns _turns = new(MostJobs, MostBytes);
    private readonly SemaphoreSlim _ready = new(0);
    private readonly ConcurrentDictionary<Guid, ImportJob> _active = new();

    /// <summary>Keeps a place; one that is not used is given back by <see cref="Free"/>.</summary>
    public bool TryReserve(long bytes) => _turns.TryReserve(bytes);

    public void Free(long bytes) => _turns.Free(bytes);

    /// <summary>In a place that was reserved, and after the row says that somebody is at work.</summary>
    public void Start(ImportJob job)
    {
        _active[job.Import] = job;
        _turns.Add(job);
        _ready.Release();
    }

    public override void Dispose()
    {
        _ready.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => WorkAsync(stoppingToken), CancellationToken.None));
        await Task.WhenAll(workers.Append(SaySoAsync(stoppingToken)));
        while (_turns.Take() is { } job) await EndAsync(job, "The service was restarted before it came to this. Nothing was decided; do it once more.");
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await _ready.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (_turns.Take() is not { } job) continue;
            await EndAsync(job, await RunAsync(job, stoppingToken));
        }
    }

    /// <returns>What people are told where it did not come to its end; null where it did.</returns>
    private async Task<string?> RunAsync(ImportJob job, CancellationToken stoppingToken)
    {
        try
        {
            await job.RunAsync(stoppingToken);
            return null;
        }
        catch (CurationException problem)
        {
            return problem.Message;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return "The service was restarted while it worked on this. Nothing was decided; do it once more.";
        }
        catch (Exception problem)
        {
            Log.Fault(logger, problem, job.Import);
            return $"Something broke on our side, and nothing was decided. Do it once more; if it happens again, tell the operator this number: {job.Import}.";
        }
    }

    private async Task EndAsync(ImportJob job, string? problem)
    {
        try
        {
            if (problem is not null) await AbandonAsync(job, problem);
        }
        catch (Exception broken) when (broken is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            // The row goes on to say that somebody is at work, and soon for too long.
            Log.Unsaid(logger, broken, job.Import);
        }
        finally
        {
            _active.TryRemove(KeyValuePair.Create(job.Import, job));
            _turns.Free(job.Bytes);
            job.Finish();
        }
    }

    private async Task AbandonAsync(ImportJob job, string problem)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await using var command = database.CreateCommand("update curation.import set state = $2, problem = $3, heartbeat_at = null, step = null where id = $1 and heartbeat_at is not null");
        command.Parameters.AddWithValue(job.Import);
        command.Parameters.AddWithValue(job.Otherwise);
        command.Parameters.AddWithValue(problem);
        await command.ExecuteNonQueryAsync(patience.Token);
    }

    private async Task SaySoAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SaysSoEvery);
        while (true)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                if (_active.Values.ToArray() is { Length: > 0 } jobs) await SaySoAsync(jobs, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException problem)
            {
                Log.Silent(logger, problem);
            }
        }
    }

    private async Task SaySoAsync(ImportJob[] jobs, CancellationToken cancellationToken)
    {
        // Whoever just writes the result holds the row; it needs no sign of life. One that was silent for too long is others' to take up.
        await using var command = database.CreateCommand("""
            update curation.import i set heartbeat_at = clock_timestamp(), step = said.step, looked = said.looked, of_rows = said.of_rows
            from unnest($1, $2, $3, $4) as said (id, step, looked, of_rows)
            where i.id = said.id and i.id in (select id from curation.import where id = any ($1) and heartbeat_at > clock_timestamp() - $5 for no key update skip locked)
            """);
        var said = jobs.Select(job => (job.Import, job.Progress)).ToArray();
        command.Parameters.AddWithValue(said.Select(s => s.Import).ToArray());
        command.Parameters.AddWithValue(said.Select(s => s.Progress.Step).ToArray());
        command.Parameters.AddWithValue(said.Select(s => s.Progress.Rows).ToArray());
        command.Parameters.AddWithValue(said.Select(s => s.Progress.Of).ToArray());
        command.Parameters.AddWithValue(SilentFor);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The work on import {Import} broke.")]
        public static partial void Fault(ILogger logger, Exception problem, Guid import);

        [LoggerMessage(2, LogLevel.Warning, "What became of import {Import} could not be written down.")]
        public static partial void Unsaid(ILogger logger, Exception problem, Guid import);

        [LoggerMessage(3, LogLevel.Warning, "The progress of imports could not be written down.")]
        public static partial void Silent(ILogger logger, Exception problem);
    }
}
