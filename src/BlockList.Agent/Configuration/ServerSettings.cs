namespace BlockList.Agent.Configuration;

/// <summary>Where lists come from, and how both sides prove who they are.</summary>
/// <param name="Address">Scheme, host and port.</param>
/// <param name="Authority">PEM file of the authority, or authorities, that the server's certificate must come from.</param>
/// <param name="Certificate">PEM file of this provider's certificate.</param>
/// <param name="Key">PEM file of its private key.</param>
internal sealed record ServerSettings(Uri Address, string Authority, string Certificate, string Key)
{
    /// <summary>PEM file of a certificate and its key, which this agent got by itself: used in place of the two above where it ends later than
    /// they do. One file, so that the pair changes at once, and in the state directory, where the service may write. Null: there is none.</summary>
    public string? Renewed { get; init; }

    /// <summary>The state directory, where lists keep the authorities that their metadata names; they count beside <see cref="Authority"/>. Null: there are none.</summary>
    public string? Followed { get; init; }
}
