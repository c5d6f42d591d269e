namespace BlockList.Agent.Reporting;

internal static class Priorities
{
    /// <summary>What someone must look at now, what someone must look at, and what may pass by itself.</summary>
    public static JournalPriority Of(ExitCode code) => code switch
    {
        ExitCode.Refused or ExitCode.Fault => JournalPriority.Critical,
        ExitCode.ApplyFailed or ExitCode.Usage => JournalPriority.Error,
        ExitCode.Done => JournalPriority.Information,
        _ => JournalPriority.Warning,
    };
}
