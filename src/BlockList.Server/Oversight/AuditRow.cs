namespace BlockList.Server.Oversight;

/// <summary>One row of the audit log. Roles append through <see cref="AuditLog"/>; none of them can read or write the table.</summary>
internal sealed class AuditRow
{
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The database login, recorded by the database itself.</summary>
    public required string Login { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required string Subject { get; init; }

    /// <summary>JSON.</summary>
    public required string Detail { get; init; }

    public long? SealId { get; init; }
}
