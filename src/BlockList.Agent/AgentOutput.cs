using BlockList.Agent.Applying;
using BlockList.Agent.Reporting;

namespace BlockList.Agent;

/// <summary>Where the program speaks: results on standard output, for scripts; progress and problems on standard error.
/// Neither ever shows a listed name.</summary>
internal sealed record AgentOutput(TextWriter Results, TextWriter Progress)
{
    /// <summary>Standard output and error; under systemd both go to the journal with a priority on every line.</summary>
    public static AgentOutput OfConsole() => new(
        JournalWriter.IsJournal(1) ? new JournalWriter(Console.Out, JournalPriority.Information) : Console.Out,
        JournalWriter.IsJournal(2) ? new JournalWriter(Console.Error, JournalPriority.Notice) : Console.Error);

    public Task WarnAsync(string text) => SayAsync(JournalPriority.Warning, text);

    /// <summary>Tells of a foreseen trouble.</summary>
    /// <param name="failure">What came of it.</param>
    /// <param name="list">The list that it is about, or null.</param>
    public Task FailAsync(Failure failure, string? list = null) =>
        SayAsync(Priorities.Of(failure.Code), list is null ? failure.Message : $"{list}: {failure.Message}");

    /// <summary>Tells of whatever ended a run, foreseen or not.</summary>
    /// <returns>The code that it ends with.</returns>
    public async Task<ExitCode> FailAsync(Exception problem)
    {
        var failure = Failure.Of(problem) ?? new Failure(ExitCode.Fault,
            $"this is a defect of blocklist-agent {ReceiptText.AgentVersion}. What is in force stays in force. Please report the following.\n{problem}");
        await FailAsync(failure);
        return failure.Code;
    }

    private Task SayAsync(JournalPriority priority, string text) =>
        Progress is JournalWriter journal ? journal.WriteAsync(priority, text) : Progress.WriteLineAsync(text);
}
