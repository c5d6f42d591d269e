namespace BlockList.Server.Access;

/// <summary>A link that lets one person register a passkey, once and for a while.</summary>
internal sealed class Invitation
{
    public const string First = "first";

    /// <summary>For who had a passkey before: takes a second person.</summary>
    public const string Recovery = "recovery";

    public required Guid Id { get; init; }

    /// <summary>Of the link's secret, which nobody keeps.</summary>
    public required byte[] TokenSha256 { get; init; }

    public required string Person { get; init; }

    /// <summary><see cref="First"/> or <see cref="Recovery"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of a person, or <c>operator:</c> and a login for a command.</summary>
    public required string InvitedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public string? ApprovedBy { get; set; }

    public DateTimeOffset? ApprovedAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool WaitsForApproval => Kind == Recovery && ApprovedAt is null;

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && RevokedAt is null && ExpiresAt > now;
}
