using BlockList.Agent.Applying;
using BlockList.Agent.Configuration;
using BlockList.Agent.Enforcing;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format.Json;
using BlockList.Format.Tuf;

namespace BlockList.Agent;

/// <summary>A trouble that was foreseen: how the program ends because of it, and what it tells people.</summary>
internal sealed record Failure(ExitCode Code, string Message)
{
    /// <summary>What matters most when lists fail for different reasons: tampering before anything else.</summary>
    private static readonly ExitCode[] Gravity =
        [ExitCode.Refused, ExitCode.ApplyFailed, ExitCode.Stale, ExitCode.Held, ExitCode.Network, ExitCode.Usage, ExitCode.Done];

    /// <summary>The failure that an exception stands for, or null for a fault of this program.</summary>
    public static Failure? Of(Exception exception) => exception switch
    {
        RefusedException { Reason: RefusalReason.Expired } => new Failure(ExitCode.Stale,
            $"{exception.Message}. Whoever answers holds newer metadata back, the publisher stands still, or this clock is wrong. Tell the operator."),
        RefusedException { Reason: RefusalReason.Rollback } => new Failure(ExitCode.Refused,
            $"TAMPER ALARM: {exception.Message}. Nothing of it was used. Tell the operator by another way than this server."),
        RefusedException { Reason: RefusalReason.Log } => new Failure(ExitCode.Refused,
            $"LOG ALARM: {exception.Message}. This server may show this provider another list than it shows others. Nothing of it was used, and what is in force stays. Tell the operator by another way than this server, and send that file."),
        RefusedException or MalformedDocumentException => new Failure(ExitCode.Refused,
            $"refused: {exception.Message}. Nothing of it was used. If this stays so, tell the operator."),
        ServerException => new Failure(ExitCode.Network, exception.Message),
        EarlyClockException => new Failure(ExitCode.Stale, exception.Message),
        HeldException => new Failure(ExitCode.Held, exception.Message),
        StateException => new Failure(ExitCode.Refused, exception.Message),
        ConfigurationException or AgentLockedException => new Failure(ExitCode.Usage, exception.Message),
        ApplyFailedException => new Failure(ExitCode.ApplyFailed, exception.Message),
        IOException or UnauthorizedAccessException => new Failure(ExitCode.ApplyFailed,
            $"{exception.Message.TrimEnd('.')}. Check free space and the permissions of the state and zone directories."),
        _ => null,
    };

    public static ExitCode Gravest(ExitCode one, ExitCode other) =>
        Array.IndexOf(Gravity, one) <= Array.IndexOf(Gravity, other) ? one : other;
}
