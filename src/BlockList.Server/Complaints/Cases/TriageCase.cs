using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Answers whether to suspend now. Done within 24 hours of the complaint, and again whenever that should change.</summary>
internal sealed class TriageCase(CaseSteps steps, SuspendEntry suspend, TimeProvider clock)
{
    /// <summary>A statement never holds for more than 31 days, however many holidays there are.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <param name="person">A complaints officer, or oversight.</param>
    /// <param name="reference">Of the case.</param>
    /// <param name="isNew">Whether nobody looked at it yet.</param>
    /// <param name="episodes">What is suspended; none: nothing is.</param>
    /// <param name="criterion">That is in doubt; null for none.</param>
    /// <param name="reason">Why, or why not.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public Task<CaseOutcome> RunAsync(Viewer person, string reference, bool isNew, IReadOnlyList<Guid> episodes, string? criterion, string reason, CancellationToken cancellationToken) => steps.RunAsync(async connection =>
    {
        if (isNew) await CaseSteps.CallAsync(connection, "complaint.record_triage", cancellationToken, reference, person.Person, reason);
        if (episodes.Count == 0) return isNew ? null : "Choose what to suspend.";
        var until = await UntilAsync(connection, cancellationToken);
        foreach (var episode in episodes)
            if (CaseSteps.ProblemOf(await suspend.RunAsync(connection, person, new CaseEntry(reference, episode, reason, criterion), until, cancellationToken)) is { } problem) return problem;
        await using var command = new NpgsqlCommand("select complaint.record_suspension($1, $2, $3, $4)", connection);
        command.Parameters.AddWithValue(reference);
        command.Parameters.AddWithValue(person.Person);
        command.Parameters.AddWithValue(reason);
        command.Parameters.AddWithValue(until);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return null;
    }, cancellationToken);

    private async Task<DateTimeOffset> UntilAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var command = new NpgsqlCommand("select least(complaint.working_days_after($1, $2), $3)", connection);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(WorkingDays.OfSuspension);
        command.Parameters.AddWithValue(now + Longest);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!, TimeSpan.Zero);
    }
}
