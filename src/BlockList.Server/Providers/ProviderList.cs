namespace BlockList.Server.Providers;

/// <summary>A list that a provider may download.</summary>
internal sealed class ProviderList
{
    public required Guid ProviderId { get; init; }

    public required string List { get; init; }
}
