using System.Security.Cryptography.X509Certificates;
using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class DevelopmentPkiTests : IDisposable
{
    private static readonly TimeProvider Clock = TimeProvider.System;
    private readonly StateDirectory _state = StateDirectory.Temporary();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Openssl_accepts_the_servers_certificate_as_a_servers_for_each_of_its_names()
    {
        using var pki = DevelopmentPki.Open(_state, ["lists.example", "192.0.2.7"], Clock);

        Assert.All(
            new[] { "-verify_hostname localhost", "-verify_hostname lists.example", "-verify_ip 127.0.0.1", "-verify_ip ::1", "-verify_ip 192.0.2.7" },
            name => Assert.Equal(0, Verify(pki.ServerAuthorityFile, "sslserver", pki.ServerCertificateFile, name.Split(' ')).ExitCode));
        Assert.NotEqual(0, Verify(pki.ServerAuthorityFile, "sslserver", pki.ServerCertificateFile, "-verify_hostname", "other.example").ExitCode);
        Assert.NotEqual(0, Verify(pki.ServerAuthorityFile, "sslclient", pki.ServerCertificateFile).ExitCode);
    }

    [Fact]
    public void Openssl_accepts_a_clients_certificate_from_its_own_authority_as_a_clients_only()
    {
        using var pki = DevelopmentPki.Open(_state, [], Clock);
        using var foreign = DevelopmentPki.CreateForeign("BlockList development: clients", Clock);
        var now = Clock.GetUtcNow();
        var (own, _) = pki.Save("provider", pki.IssueClientCertificate("provider-1", now.AddHours(-1), now.AddDays(90)));
        var (strangers, _) = pki.Save("stranger", foreign.IssueClient("provider-1", now.AddHours(-1), now.AddDays(90)));

        Assert.Equal(0, Verify(pki.ClientAuthorityFile, "sslclient", own).ExitCode);
        Assert.NotEqual(0, Verify(pki.ClientAuthorityFile, "sslserver", own).ExitCode);
        Assert.NotEqual(0, Verify(pki.ServerAuthorityFile, "sslclient", own).ExitCode);
        Assert.NotEqual(0, Verify(pki.ClientAuthorityFile, "sslclient", strangers).ExitCode);
    }

    [Fact]
    public void A_clients_certificate_of_the_past_can_be_made_and_is_refused_for_its_date_alone()
    {
        using var pki = DevelopmentPki.Open(_state, [], Clock);
        var start = Clock.GetUtcNow().AddYears(-9);
        var (expired, _) = pki.Save("expired", pki.IssueClientCertificate("late", start, start.AddDays(1)));

        Assert.Contains("certificate has expired", Verify(pki.ClientAuthorityFile, "sslclient", expired).Errors, StringComparison.Ordinal);
        Assert.Equal(0, Verify(pki.ClientAuthorityFile, "sslclient", expired, "-no_check_time").ExitCode);
    }

    [Fact]
    public void Certificates_have_the_extensions_that_strict_readers_ask_for()
    {
        using var pki = DevelopmentPki.Open(_state, [], Clock);
        var now = Clock.GetUtcNow();
        var (file, _) = pki.Save("provider", pki.IssueClientCertificate("provider-1", now, now.AddDays(1)));

        var text = Subprocess.Run("/usr/bin/openssl", "x509", "-in", file, "-noout", "-text").Require().Output;
        Assert.Contains("X509v3 Key Usage: critical\n                Digital Signature\n", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Basic Constraints: critical\n                CA:FALSE\n", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Extended Key Usage: \n                TLS Web Client Authentication\n", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Subject Key Identifier", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Authority Key Identifier", text, StringComparison.Ordinal);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        Assert.Equal(17, certificate.SerialNumberBytes.Length);
        Assert.NotEqual(certificate.SerialNumber, pki.ClientAuthority.Certificate.SerialNumber);
    }

    [Fact]
    public void Keys_are_readable_by_their_owner_alone()
    {
        using var pki = DevelopmentPki.Open(_state, [], Clock);

        Assert.All(
            Directory.GetFiles(_state.File("pki"), "*.key"),
            file => Assert.Equal($"{_state.User.Name} 600", Subprocess.Run("/usr/bin/stat", "--format=%U %a", file).Require().Output.Trim()));
        Assert.Equal(3, Directory.GetFiles(_state.File("pki"), "*.key").Length);
    }

    [Fact]
    public void What_lies_there_is_used_again_until_a_name_is_new_or_the_end_is_near()
    {
        var clock = new SettableClock();
        var (server, authority) = Open(clock);

        Assert.Equal((server, authority), Open(clock));
        var (named, sameAuthority) = Open(clock, "lists.example");
        Assert.NotEqual(server, named);
        Assert.Equal(authority, sameAuthority);
        Assert.Equal((named, authority), Open(clock));
        clock.Offset += TimeSpan.FromDays(370);
        var (renewed, stillSame) = Open(clock);
        Assert.NotEqual(named, renewed);
        Assert.Equal(authority, stillSame);
        clock.Offset += TimeSpan.FromDays(5 * 365);
        Assert.NotEqual(authority, Open(clock).Authority);
        Assert.Equal(0, Verify(_state.File("pki", "server-ca.crt"), "sslserver", _state.File("pki", "server.crt"), "-no_check_time").ExitCode);
    }

    private (string Server, string Authority) Open(TimeProvider clock, params string[] names)
    {
        using var pki = DevelopmentPki.Open(_state, names, clock);
        return (File.ReadAllText(pki.ServerCertificateFile), File.ReadAllText(pki.ServerAuthorityFile));
    }

    private static SubprocessResult Verify(string authority, string purpose, string certificate, params string[] more) =>
        Subprocess.Run(["/usr/bin/openssl", "verify", "-x509_strict", "-CAfile", authority, "-purpose", purpose, .. more, certificate]);
}
