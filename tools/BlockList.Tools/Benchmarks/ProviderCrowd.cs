using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Tools.Deployments;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Tools.Benchmarks;

/// <summary>Many providers, each with a certificate of its own that is enrolled, at addresses of their own of the loopback network.</summary>
internal sealed class ProviderCrowd
{
    private readonly SslStreamCertificateContext[] certificates;
    private readonly X509Certificate2 authority;

    private ProviderCrowd(SslStreamCertificateContext[] certificates, X509Certificate2 authority, int port) => (this.certificates, this.authority, Port) = (certificates, authority, port);

    public int Port { get; }

    public int Count => certificates.Length;

    public static async Task<ProviderCrowd> EnrolAsync(Deployment deployment, int count, string list, CancellationToken cancellationToken)
    {
        var (from, until) = (TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddDays(90));
        var issued = new ConcurrentDictionary<int, X509Certificate2>();
        Parallel.For(0, count, i => issued[i] = deployment.Pki.IssueClientCertificate(string.Create(CultureInfo.InvariantCulture, $"crowd-{i}"), from, until).WithKey());
        await using var source = NpgsqlDataSource.Create(deployment.SuperuserConnectionString);
        await using var command = source.CreateCommand("""
            with made as (
              insert into providers.provider (id, name, contact)
              select gen_random_uuid(), 'crowd ' || n, 'noc@provider' || n || '.example' from generate_series(1, $1) n returning id, substr(name, 7)::int as n),
            granted as (insert into providers.provider_list (provider_id, list) select id, $2 from made)
            insert into providers.certificate (sha256, provider_id, not_before, not_after)
            select hash, id, $4, $5 from unnest($3) with ordinality as certificate (hash, n) join made using (n)
            """);
        command.Parameters.AddWithValue(count);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, Enumerable.Range(0, count).Select(i => ClientCertificate.Sha256(issued[i])).ToArray());
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(until);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new ProviderCrowd([.. Enumerable.Range(0, count).Select(i => SslStreamCertificateContext.Create(issued[i], additionalCertificates: null, offline: true))], deployment.Pki.ServerAuthority.Certificate, deployment.DistributionPort);
    }

    /// <summary>A new connection of one of them.</summary>
    /// <param name="provider">Which; counted round and round.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="port">Of another server than ours.</param>
    public Task<CrowdConnection> ConnectAsync(int provider, CancellationToken cancellationToken, int? port = null) =>
        CrowdConnection.OpenAsync(new IPAddress([127, 1, (byte)(provider % Count / 250), (byte)(provider % Count % 250 + 1)]), port ?? Port, certificates[provider % Count], authority, cancellationToken);

    /// <summary>Certificate and key in one file, for programs that read files.</summary>
    public static string WriteFile(Deployment deployment, string name)
    {
        var issued = deployment.Pki.IssueClientCertificate(name, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddDays(90));
        return deployment.State.Write(deployment.State.File(name + ".pem"), issued.CertificatePem + issued.KeyPem, secret: true);
    }
}
