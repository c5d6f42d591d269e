using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using BlockList.Server.Publishing.Ledger;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>The never-block guard as the ledger has it. The table of sites is kept from run to run, by its file's hash.</summary>
internal sealed class OpenGuard(NpgsqlDataSource database, PublicSuffixes suffixes, IOptions<NamesOptions> options)
{
    private volatile SiteTable kept = new("", NameTable.Empty);

    public Task<NameGuard> RunAsync(LedgerState ledger, AgencyRegister register, CancellationToken cancellationToken) => RunAsync(ledger, OwnHosts(register), cancellationToken);

    /// <summary>The same with other hosts of this installation than today's.</summary>
    public async Task<NameGuard> RunAsync(LedgerState ledger, IReadOnlyList<DomainName> ownHosts, CancellationToken cancellationToken)
    {
        var state = ledger.NeverBlock;
        var origins = new List<Guid> { state.SiteList?.Id ?? Guid.Empty };
        var rows = new NameTable.Builder();
        foreach (var (statement, name, source) in state.Rows)
        {
            rows.Add(name.Ascii, source, 0, origins.Count);
            origins.Add(statement);
        }
        foreach (var own in ownHosts) rows.Add(own.Ascii, RegisterSource.Own, 0, 0);
        return new NameGuard(suffixes, new NeverBlockRegister(await SitesAsync(state.SiteList?.FileSha256, ledger.Position, cancellationToken), rows.Build(), origins));
    }

    /// <summary>What the operator named, where people sign, and the domains of test names.</summary>
    public IReadOnlyList<DomainName> OwnHosts(AgencyRegister register)
    {
        var own = new SortedSet<DomainName>(options.Value.Hosts);
        if (DomainName.TryParseCanonical(register.RelyingParty.Id, out var relyingParty)) own.Add(relyingParty);
        own.UnionWith(register.Lists.Values.Select(list => list.TestDomain).OfType<DomainName>());
        return [.. own];
    }

    private async Task<NameTable> SitesAsync(string? sha256, long position, CancellationToken cancellationToken)
    {
        if (sha256 is null) return NameTable.Empty;
        if (kept.Sha256 == sha256) return kept.Table;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select content from publishing.never_block_file where sha256 = $1", connection);
        command.Parameters.AddWithValue(sha256);
        // Additions are guarded by it: without it none is made.
        if (await command.ExecuteScalarAsync(cancellationToken) is not byte[] content || Format.Hashes.Sha256(content) != sha256)
            throw new LedgerBrokenException(position, $"publishing.never_block_file has not the list of sites {sha256} any more");
        var builder = new NameTable.Builder(content.Length / 20);
        if (SiteFile.Read(content, builder, 0).Problem is { } problem) throw new LedgerBrokenException(position, $"the list of sites {sha256} cannot be read any more: {problem.Message}");
        kept = new SiteTable(sha256, builder.Build());
        return kept.Table;
    }

    private sealed record SiteTable(string Sha256, NameTable Table);
}
