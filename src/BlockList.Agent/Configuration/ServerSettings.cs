namespace BlockList.Agent.Configuration;

/// <summary>Where lists come from, and how both sides prove who they are.</summary>
/// <param name="Address">Scheme, host and port.</param>
/// <param name="Authority">PEM file of the authority, or authorities, that the server's certificate must come from.</param>
/// <param name="Certificate">PEM file of this provider's certificate.</param>
/// <param name="Key">PEM file of its private key.</param>
internal sealed record ServerSettings(Uri Address, string Authority, string Certificate, string Key);
