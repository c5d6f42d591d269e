using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

/// <param name="Passkeys">In the order in which they were made.</param>
/// <param name="Sessions">That are open, newest first.</param>
/// <param name="RegisteredRoles">For which the signed register names a key of this person.</param>
/// <param name="IsFresh">Whether passkeys may change now.</param>
/// <param name="Settings">As they are, or as they were typed.</param>
/// <param name="Errors">What is wrong with what was typed.</param>
/// <param name="Done">What was done a moment ago.</param>
/// <param name="Now">For the sample of the zone.</param>
internal sealed record AccountModel(IReadOnlyList<Passkey> Passkeys, IReadOnlyList<BrowserSession> Sessions, IReadOnlyList<string> RegisteredRoles, bool IsFresh,
    SetAccountRequest Settings, IReadOnlyList<FieldError> Errors, string? Done, DateTimeOffset Now)
{
    /// <summary>Every zone that this machine can name, in order.</summary>
    public static IReadOnlyList<string> Zones { get; } = [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(SetAccount.IsZone).Append("UTC").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
