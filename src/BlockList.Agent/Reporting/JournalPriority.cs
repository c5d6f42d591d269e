namespace BlockList.Agent.Reporting;

/// <summary>The priorities of syslog(3) that this program uses.</summary>
internal enum JournalPriority
{
    Critical = 2,
    Error = 3,
    Warning = 4,
    Notice = 5,
    Information = 6,
}
