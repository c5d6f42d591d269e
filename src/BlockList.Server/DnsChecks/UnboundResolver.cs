namespace BlockList.Server.DnsChecks;

/// <summary>The role's own resolver, with one cache for all that ask.</summary>
internal sealed class UnboundResolver(UnboundContexts contexts) : IDnsResolver, IDisposable
{
    private readonly Lazy<UnboundContext> context = new(contexts.CreateLasting);

    public Task<DnsAnswer> ResolveAsync(DnsName name, RecordType type, CancellationToken cancellationToken) => context.Value.ResolveAsync(name, type, cancellationToken);

    public void Dispose()
    {
        if (context.IsValueCreated) context.Value.Dispose();
    }
}
