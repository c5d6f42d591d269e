namespace BlockList.Tools.Development;

/// <summary>Signals by their number on Linux.</summary>
internal enum UnixSignal
{
    Hangup = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}
