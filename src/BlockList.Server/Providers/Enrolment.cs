namespace BlockList.Server.Providers;

/// <summary>What is known about an enrolled certificate and the provider it belongs to, at this moment.</summary>
/// <param name="RevokedAt">When the certificate, or one that it was renewed from, was revoked.</param>
/// <param name="RevokedSha256">Which of them was.</param>
/// <param name="Lists">Lists that the provider may download, in order.</param>
internal sealed record Enrolment(Guid ProviderId, string Provider, DateTimeOffset? SuspendedAt,
    DateTimeOffset? RevokedAt, string? RevokedSha256, IReadOnlyList<string> Lists)
{
    /// <summary>Whether nobody decided that it may not, and the list is among those granted. Null asks for no list.</summary>
    public bool MayRead(string? list) => RevokedAt is null && SuspendedAt is null && (list is null || Lists.Contains(list, StringComparer.Ordinal));
}
