using System.Collections.Immutable;
using System.Text.Json;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Distribution;

/// <summary>
/// Knows the newest version of each list, for all open streams together: one small query every two seconds for a node,
/// however many providers listen. It asks rather than be told (LISTEN), because a node may read a replica, and PostgreSQL
/// delivers no notifications there; a hint that comes two seconds late costs nothing against its random wait at the agent.
/// </summary>
internal sealed partial class NewVersions(
    IDbContextFactory<BlockListDb> databases, ServedFiles files, TimeProvider time, ILogger<NewVersions> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private volatile State _state = new(ImmutableDictionary<string, NewVersion>.Empty, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>The newest version, null where none is known, and a task that ends when any list has a newer one.</summary>
    public (NewVersion? Version, Task Changed) Of(string list)
    {
        var state = _state;
        return (state.Versions.GetValueOrDefault(list), state.Changed.Task);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failed = false;
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
                failed = false;
            }
            catch (Exception problem) when (problem is NpgsqlException or InvalidOperationException or InvalidDataException or JsonException && !stoppingToken.IsCancellationRequested)
            {
                // Once, not every two seconds: agents poll anyway, and requests say more of the same trouble.
                if (!failed) Log.Blind(log, problem);
                failed = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var heads = await db.Heads.AsNoTracking().Select(h => new { h.List, h.Serial, h.TargetsVersion }).ToArrayAsync(cancellationToken);
        var versions = _state.Versions;
        foreach (var head in heads)
        {
            // Never back: what a replica behind or a restored backup says is no news.
            if (versions.TryGetValue(head.List, out var known) && known.Serial >= head.Serial) continue;
            versions = versions.SetItem(head.List, new NewVersion(head.Serial, await IsUrgentAsync(head.List, head.TargetsVersion)));
        }
        if (versions == _state.Versions) return;
        var before = _state;
        _state = new State(versions, new(TaskCreationOptions.RunContinuationsAsynchronously));
        before.Changed.SetResult();
    }

    /// <summary>As the signed targets say it. Where they do not, a hint is not urgent: it is a hint and nothing more.</summary>
    private async Task<bool> IsUrgentAsync(string list, int targetsVersion)
    {
        if (await files.FindAsync(list, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"tuf/{targetsVersion}.{RoleName.Targets}.json")) is not { } file) return false;
        using var document = JsonDocument.Parse(file.Content);
        return document.RootElement.TryGetProperty("signed", out var signed) && signed.TryGetProperty("targets", out var targets)
            && targets.TryGetProperty("list.txt", out var target) && target.TryGetProperty("custom", out var custom)
            && custom.TryGetProperty("urgent", out var urgent) && urgent.ValueKind == JsonValueKind.True;
    }

    private sealed record State(ImmutableDictionary<string, NewVersion> Versions, TaskCompletionSource Changed);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "New versions cannot be looked for; providers that listen for hints get none until it works again, and poll as usual")]
        public static partial void Blind(ILogger logger, Exception problem);
    }
}
