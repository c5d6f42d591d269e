namespace BlockList.Server.DnsChecks;

/// <summary>Asks DNS: from the root down, by itself, since an upstream that filters would lie about the names that matter here.</summary>
internal interface IDnsResolver
{
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    Task<DnsAnswer> ResolveAsync(DnsName name, RecordType type, CancellationToken cancellationToken);
}
