namespace BlockList.Server.Mail;

/// <summary>What became of a mail: waiting while <see cref="NextAttemptAt"/> is set, else sent or failed. For the page of its case.</summary>
internal sealed class MailState
{
    public required long Id { get; init; }

    public string? Reference { get; init; }

    public required string Language { get; init; }

    public required string Template { get; init; }

    public required DateTimeOffset WrittenAt { get; init; }

    public required int Attempts { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why it was not sent when it was last tried: what the relay said, in characters that are all seen.</summary>
    public string? Problem { get; init; }

    /// <summary>Since when nobody knows any more whom it went to.</summary>
    public DateTimeOffset? ForgottenAt { get; init; }
}
