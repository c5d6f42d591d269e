using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Enrolment;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Providers;
using BlockList.Server.Tests.Database;
using BlockList.Server.Tests.Distribution;
using Xunit;

namespace BlockList.Server.Tests.Providers;

/// <summary>From a certificate to the next one, over mutual TLS.</summary>
public sealed class RenewalTests(EnrolmentWorld world) : IClassFixture<EnrolmentWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_signs_for_a_new_key_and_both_are_valid_until_the_old_one_ends()
    {
        using var provider = await EnrolledAsync();
        var (_, old, connection, key) = provider;

        using (var waiting = await AskAsync(connection, old, key)) Assert.Equal((HttpStatusCode.Accepted, TimeSpan.FromSeconds(2)), (waiting.StatusCode, waiting.Headers.RetryAfter?.Delta));
        await world.Issuer.RunAsync(Ct);
        using var renewed = await EnrolmentWorld.CertificateAsync(await AskAsync(connection, old, key), key);

        using var next = world.Node.Connect(renewed);
        foreach (var each in new[] { connection, next })
        {
            using var whoAmI = await each.GetAsync("/v1/whoami");
            Assert.Equal(HttpStatusCode.OK, whoAmI.StatusCode);
        }
        Assert.Equal(ClientCertificate.Sha256(old), await world.Database.ScalarAsync<string>("select renewed_from from providers.certificate where sha256 = $1", ClientCertificate.Sha256(renewed)));
        Assert.Equal("certificate-renewed", await world.Database.ScalarAsync<string>("select template from mail.message where message_id = 'certificate.' || left($1, 40)", ClientCertificate.Sha256(renewed)));
        // More than two there may not be.
        using var third = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (problem, detail) = await EnrolmentWorld.ProblemAsync(await AskAsync(next, renewed, third), HttpStatusCode.Conflict);
        Assert.Equal("renewal-refused", problem);
        Assert.Contains("Two certificates", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoking_the_old_one_revokes_the_new_one_on_a_connection_that_is_open()
    {
        using var provider = await EnrolledAsync();
        var (_, old, first, key) = provider;
        (await AskAsync(first, old, key)).Dispose();
        await world.Issuer.RunAsync(Ct);
        using var renewed = await EnrolmentWorld.CertificateAsync(await AskAsync(first, old, key), key);
        using var open = world.Node.Connect(renewed);
        (await open.GetAsync("/v1/whoami")).Dispose();

        await world.Node.RevokeAsync(ClientCertificate.Sha256(old));

        Assert.Equal("certificate-revoked", (await EnrolmentWorld.ProblemAsync(await open.GetAsync("/v1/whoami"), HttpStatusCode.Forbidden)).Code);
        Assert.Equal(1, open.ConnectionsOpened);
        // Neither may renew itself out of that.
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("certificate-revoked", (await EnrolmentWorld.ProblemAsync(await AskAsync(open, renewed, another), HttpStatusCode.Forbidden)).Code);
    }

    [Fact]
    public async Task Certificate_that_was_revoked_while_the_request_waited_is_not_renewed()
    {
        using var provider = await EnrolledAsync();
        var (id, old, connection, key) = provider;
        (await AskAsync(connection, old, key)).Dispose();

        await world.Node.RevokeAsync(ClientCertificate.Sha256(old));
        await world.Issuer.RunAsync(Ct);

        Assert.Equal("The certificate that it was to take over from was revoked.", await RefusalAsync(id));
        Assert.Equal(1, await CertificatesAsync(id));
    }

    [Fact]
    public async Task Suspended_provider_gets_no_certificate_for_a_request_that_waited()
    {
        var provider = await world.RegisterAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var code = await world.CodeAsync(provider);
        (await world.AskAsync(code, key)).Dispose();

        await new SuspendProvider(MigratedDatabase.Contexts(world.Database.Curation), world.Node.Clock).RunAsync(new SuspendProviderRequest(provider.ToString()), "test", Ct);
        await world.Issuer.RunAsync(Ct);

        var (problem, detail) = await EnrolmentWorld.ProblemAsync(await world.AskAsync(code, key), HttpStatusCode.Conflict);
        Assert.Equal("certificate-refused", problem);
        Assert.Contains("suspended", detail, StringComparison.Ordinal);
        Assert.Equal(0, await CertificatesAsync(provider));
    }

    /// <summary>The login itself, in the hands of somebody else: it may ask, and the issuer does not believe it.</summary>
    [Fact]
    public async Task Stolen_login_of_distribution_gets_no_key_of_its_own_certified()
    {
        var provider = await world.RegisterAsync();
        using var victim = await world.EnrolAsync(provider);
        using var theirs = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = EnrolmentWorld.Csr(theirs);
        await using var login = Npgsql.NpgsqlDataSource.Create(world.Database.Distribution);
        await using var command = login.CreateCommand("select outcome from providers.request_renewal($1, $2, $3, $4, $5)");
        foreach (object value in new object[] { ClientCertificate.Sha256(victim), victim.RawData, csr, SHA256.HashData(theirs.ExportSubjectPublicKeyInfo()), theirs.SignData(RenewalStatement.BytesToSign(csr), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) })
            command.Parameters.AddWithValue(value);
        Assert.Equal("waiting", await command.ExecuteScalarAsync(Ct));

        await world.Issuer.RunAsync(Ct);

        Assert.Equal("The request is not signed by the key of the certificate that it is to take over from.", await RefusalAsync(provider));
        Assert.Equal(1, await CertificatesAsync(provider));
        Assert.Equal("blocklist_issuer issuer certificate.refuse", (await world.AuditAsync(provider))[^1]);
    }

    [Fact]
    public async Task Stolen_login_of_the_issuer_writes_no_certificate_that_nobody_asked_for()
    {
        using var certificate = world.Node.Clients.Issue("nobody asked");
        await using var login = Npgsql.NpgsqlDataSource.Create(world.Database.Issuer);
        await using var command = login.CreateCommand("select providers.record_certificate($1, $2, $3, $4)");
        foreach (object value in new object[] { Guid.CreateVersion7(), certificate.RawData, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime() }) command.Parameters.AddWithValue(value);

        Assert.Equal("over", await command.ExecuteScalarAsync(Ct));
        Assert.Null(Assert.Single(await new Enrolments(world.Database.Superuser).FindAsync([ClientCertificate.Sha256(certificate)], Ct)));
    }

    [Fact]
    public async Task Two_issuers_make_one_certificate()
    {
        var provider = await world.RegisterAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await world.AskAsync(await world.CodeAsync(provider), key)).Dispose();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.AnotherIssuer().RunAsync(Ct)));

        Assert.Equal(1, await CertificatesAsync(provider));
    }

    [Fact]
    public async Task Provider_is_told_30_14_and_3_days_before_the_last_certificate_ends_each_once()
    {
        var provider = await world.RegisterAsync();
        using var certificate = await world.EnrolAsync(provider);
        var id = "certificate-ends." + ClientCertificate.Sha256(certificate)[..40] + ".%";
        foreach (var (days, mails) in new[] { (31, 0), (30, 1), (29, 1), (15, 1), (14, 2), (4, 2), (3, 3), (1, 3), (0, 3) })
        {
            await world.Database.ExecuteAsync("select providers.tell_ending_at($1)", new DateTimeOffset(certificate.NotAfter).ToUniversalTime().AddDays(-days).AddSeconds(1));
            Assert.Equal((days, mails), (days, (int)await world.Database.ScalarAsync<long>("select count(*) from mail.message where message_id like $1", id)));
        }
        Assert.Equal(certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), await world.Database.ScalarAsync<string>("select min(\"values\" ->> 'until') from mail.message where message_id like $1", id));
        await using var worker = Npgsql.NpgsqlDataSource.Create(world.Database.Worker);
        Assert.InRange(await new BlockList.Server.Providers.Enrolling.TellEnding(worker).RunAsync(Ct), 0, int.MaxValue);
    }

    private async Task<Enrolled> EnrolledAsync()
    {
        var id = await world.RegisterAsync();
        var certificate = await world.EnrolAsync(id);
        return new Enrolled(id, certificate, world.Node.Connect(certificate), ECDsa.Create(ECCurve.NamedCurves.nistP256));
    }

    private static Task<HttpResponseMessage> AskAsync(ProviderConnection connection, X509Certificate2 from, ECDsa key)
    {
        var csr = EnrolmentWorld.Csr(key);
        using var signer = from.GetECDsaPrivateKey()!;
        var signature = signer.SignData(RenewalStatement.BytesToSign(csr), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return connection.SendAsync(HttpMethod.Post, "/v1/certificate/renew", content: JsonContent.Create(new { csr = Convert.ToBase64String(csr), signature = Convert.ToBase64String(signature) }));
    }

    private Task<string?> RefusalAsync(Guid provider) => world.Database.ScalarAsync<string>("select refusal from providers.request where provider_id = $1 and state = 'refused'", provider);

    private Task<long> CertificatesAsync(Guid provider) => world.Database.ScalarAsync<long>("select count(*) from providers.certificate where provider_id = $1", provider);

    /// <summary>A provider with its certificate, a connection with it, and the key that the next one is for.</summary>
    private sealed record Enrolled(Guid Id, X509Certificate2 Certificate, ProviderConnection Connection, ECDsa NextKey) : IDisposable
    {
        public void Dispose()
        {
            Connection.Dispose();
            Certificate.Dispose();
            NextKey.Dispose();
        }
    }
}
