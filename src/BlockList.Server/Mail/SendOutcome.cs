namespace BlockList.Server.Mail;

/// <summary>What a relay made of a mail.</summary>
internal abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    internal sealed record Sent : SendOutcome;

    /// <summary>For good: to try again would be refused again.</summary>
    internal sealed record Refused(string Why) : SendOutcome;

    /// <param name="Why">In words of the relay or ours.</param>
    /// <param name="IsRelay">Not this mail's matter: others would fare no better now.</param>
    internal sealed record Later(string Why, bool IsRelay) : SendOutcome;
}
