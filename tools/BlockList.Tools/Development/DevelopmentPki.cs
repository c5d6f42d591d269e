using System.Security.Cryptography.X509Certificates;

namespace BlockList.Tools.Development;

/// <summary>
/// The certificates of a development run, in <c>pki/</c> of the state directory: one authority for servers, another
/// for clients, so that neither kind passes for the other. What lies there is used again until it nears its end.
/// </summary>
internal sealed class DevelopmentPki : IDisposable
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(5 * 365);
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(397);
    private static readonly TimeSpan NearTheEnd = TimeSpan.FromDays(30);

    /// <summary>Clocks of other machines may be a little behind.</summary>
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(1);

    private static readonly string[] AlwaysNamed = ["localhost", "127.0.0.1", "::1"];

    private readonly StateDirectory _state;
    private readonly CertificateAuthority _server;
    private readonly CertificateAuthority _client;

    private DevelopmentPki(StateDirectory state, CertificateAuthority server, CertificateAuthority client)
    {
        _state = state;
        _server = server;
        _client = client;
    }

    public string ServerAuthorityFile => File("server-ca.crt");

    public string ClientAuthorityFile => File("client-ca.crt");

    public string ServerCertificateFile => File("server.crt");

    public string ServerKeyFile => File("server.key");

    public CertificateAuthority ServerAuthority => _server;

    public CertificateAuthority ClientAuthority => _client;

    /// <param name="state">Where the files lie.</param>
    /// <param name="names">Names and addresses that the server has beside those of the local host.</param>
    /// <param name="clock">Decides what nears its end.</param>
    public static DevelopmentPki Open(StateDirectory state, IReadOnlyList<string> names, TimeProvider clock)
    {
        state.Directory("pki");
        var now = clock.GetUtcNow();
        var pki = new DevelopmentPki(
            state,
            OpenAuthority(state, "server-ca", "BlockList development: servers", now),
            OpenAuthority(state, "client-ca", "BlockList development: clients", now));
        pki.OpenServer([.. AlwaysNamed.Union(names)], now);
        return pki;
    }

    /// <summary>An authority that nobody here trusts, for tests of refusal.</summary>
    public static CertificateAuthority CreateForeign(string commonName, TimeProvider clock) =>
        CertificateAuthority.Create(commonName, clock.GetUtcNow() - Backdating, clock.GetUtcNow() + AuthorityLife);

    public IssuedCertificate IssueClientCertificate(string commonName, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        _client.IssueClient(commonName, notBefore, notAfter);

    /// <summary>Writes a certificate and its key as NAME.crt and NAME.key, for a program that reads files.</summary>
    public (string CertificateFile, string KeyFile) Save(string name, IssuedCertificate issued) =>
        (_state.Write(File($"{name}.crt"), issued.CertificatePem), _state.Write(File($"{name}.key"), issued.KeyPem, secret: true));

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    private static CertificateAuthority OpenAuthority(StateDirectory state, string name, string commonName, DateTimeOffset now)
    {
        var (certificate, key) = (state.File("pki", $"{name}.crt"), state.File("pki", $"{name}.key"));
        if (System.IO.File.Exists(certificate) && System.IO.File.Exists(key))
        {
            var kept = CertificateAuthority.FromPem(System.IO.File.ReadAllText(certificate), System.IO.File.ReadAllText(key));
            if (Lasts(kept.Certificate, now))
                return kept;
            kept.Dispose();
        }

        var made = CertificateAuthority.Create(commonName, now - Backdating, now + AuthorityLife);
        // The key first: a crash in between leaves no certificate without its key, and both are made anew.
        state.Write(key, made.KeyPem, secret: true);
        state.Write(certificate, made.CertificatePem);
        return made;
    }

    private static bool Lasts(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotAfter.ToUniversalTime() - now.UtcDateTime > NearTheEnd;

    private void OpenServer(IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (!ServerCertificateServes(names, now))
            Save("server", _server.IssueServer(names, now - Backdating, now + ServerLife));
    }

    private bool ServerCertificateServes(IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (!System.IO.File.Exists(ServerCertificateFile) || !System.IO.File.Exists(ServerKeyFile))
            return false;
        using var kept = X509Certificate2.CreateFromPem(System.IO.File.ReadAllText(ServerCertificateFile));
        var authority = kept.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier;
        var own = _server.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes;
        return Lasts(kept, now) && authority?.Span.SequenceEqual(own.Span) == true && names.All(name => kept.MatchesHostname(name));
    }

    private string File(string name) => _state.File("pki", name);
}
