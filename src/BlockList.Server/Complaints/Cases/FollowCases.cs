using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>What the worker does for cases, by a few functions and with no right beside them.</summary>
internal sealed class FollowCases(NpgsqlDataSource database, IOptions<CaseOptions> options)
{
    /// <summary>Merges duplicates, finds out which are about an entry, tells clocks that ran out and writes the mails that are due.</summary>
    /// <returns>How many clocks were found late.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await CallAsync("complaint.merge_duplicates()", null, cancellationToken);
        await CallAsync("complaint.look_for_entries()", null, cancellationToken);
        var late = await CallAsync("complaint.escalate_late($1)", options.Value.OverdueTo, cancellationToken);
        await CallAsync("complaint.write_mails()", null, cancellationToken);
        return late;
    }

    /// <summary>Deletes personal data whose time is over.</summary>
    /// <returns>Of how many cases something went.</returns>
    public Task<int> ForgetAsync(CancellationToken cancellationToken) => CallAsync("complaint.forget()", null, cancellationToken);

    private async Task<int> CallAsync(string call, string[]? texts, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select {call}");
        if (texts is not null) command.Parameters.AddWithValue(texts);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
