using System.Security.Cryptography.X509Certificates;
using BlockList.Tools.Development;

namespace BlockList.Tools.Conformance.Serving;

/// <summary>One authority for the vectors' server and its one client, and a server certificate of another authority.</summary>
internal sealed class VectorPki : IDisposable
{
    /// <summary>Both ways: a clock that is a year off must be found out by the metadata, not by TLS.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(3 * 365);

    private readonly CertificateAuthority authority;
    private readonly CertificateAuthority foreign;

    public VectorPki(TimeProvider clock)
    {
        var (from, to) = (clock.GetUtcNow() - Life, clock.GetUtcNow() + Life);
        authority = CertificateAuthority.Create("BlockList conformance", from, to);
        foreign = CertificateAuthority.Create("Somebody else", from, to);
        Server = authority.IssueServer(["127.0.0.1"], from, to).WithKey();
        Impostor = foreign.IssueServer(["127.0.0.1"], from, to).WithKey();
        ClientPem = authority.IssueClient("conformance", from, to);
        Client = X509Certificate2.CreateFromPem(ClientPem.CertificatePem);
    }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Impostor { get; }

    public X509Certificate2 Client { get; }

    public IssuedCertificate ClientPem { get; }

    public string AuthorityPem => authority.CertificatePem;

    public void Dispose()
    {
        foreach (var owned in (IDisposable[])[Server, Impostor, Client, authority, foreign]) owned.Dispose();
    }
}
