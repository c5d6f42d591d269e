using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Tests.Distribution;
using Xunit;

namespace BlockList.Server.Tests.Providers;

/// <summary>From a code to a certificate that distribution lets in.</summary>
public sealed class EnrolByCodeTests(EnrolmentWorld world) : IClassFixture<EnrolmentWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Code_brings_a_certificate_of_90_days_in_which_every_name_is_ours()
    {
        var provider = await world.RegisterAsync();
        var code = await world.CodeAsync(provider);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // What somebody would like to be called, and to be, plays no part.
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("bank.example");
        var wish = EnrolmentWorld.Csr(key, "CN=Somebody Else, O=A Bank", names.Build(), new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));

        using (var waiting = await world.AskAsync(code, key, wish)) Assert.Equal((HttpStatusCode.Accepted, TimeSpan.FromSeconds(2)), (waiting.StatusCode, waiting.Headers.RetryAfter?.Delta));
        Assert.InRange(await world.Issuer.RunAsync(Ct), 1, int.MaxValue);
        using var made = await EnrolmentWorld.CertificateAsync(await world.AskAsync(code, key), key);

        Assert.Equal($"O=test-deployment, CN={provider}", made.Subject);
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), made.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(["2.5.29.14", "2.5.29.15", "2.5.29.19", "2.5.29.35", "2.5.29.37"], made.Extensions.Select(extension => extension.Oid!.Value!).Order(StringComparer.Ordinal));
        Assert.False(ClientCertificate.IsAuthority(made));
        Assert.Equal([TestAuthority.ForClients], made.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value!));
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, made.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(TimeSpan.FromDays(90) + TimeSpan.FromHours(1), made.NotAfter - made.NotBefore);
        using var connection = world.Node.Connect(made);
        using (var whoAmI = await connection.GetAsync("/v1/whoami")) Assert.Equal(HttpStatusCode.OK, whoAmI.StatusCode);
        Assert.Equal(["blocklist_curation manager code.make", "blocklist_portal enrolment certificate.ask", "blocklist_issuer issuer certificate.issue"], await world.AuditAsync(provider));
        Assert.Equal("certificate-made noc@provider.example", await world.Database.ScalarAsync<string>("select template || ' ' || recipient from mail.message where message_id = 'certificate.' || left($1, 40)", ClientCertificate.Sha256(made)));
        // The same again is the same certificate, for as long as somebody asks.
        using var again = await EnrolmentWorld.CertificateAsync(await world.AskAsync(code, key), key);
        Assert.Equal(made.RawData, again.RawData);
        Assert.Equal(1, await world.Database.ScalarAsync<long>("select count(*) from providers.certificate where provider_id = $1", provider));
    }

    [Fact]
    public async Task Rsa_key_of_3072_bits_gets_one_too()
    {
        var code = await world.CodeAsync(await world.RegisterAsync());
        using var key = RSA.Create(3072);

        Assert.Equal(HttpStatusCode.Accepted, (await world.AskAsync(code, key)).StatusCode);
        await world.Issuer.RunAsync(Ct);

        using var response = await world.AskAsync(code, key);
        using var made = X509Certificate2.CreateFromPem(await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), made.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public async Task Wrong_code_is_answered_like_one_that_never_was_and_the_fifth_ends_the_code()
    {
        var provider = await world.RegisterAsync();
        var code = await world.CodeAsync(provider);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = Convert.ToBase64String(EnrolmentWorld.Csr(key));
        var other = await world.CodeAsync(await world.RegisterAsync());
        var proof = Convert.ToHexStringLower(other.ProofFor(key.ExportSubjectPublicKeyInfo()));

        using var unknown = await world.AskAsync(new { handle = "ZZZZZ", proof, csr });
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await world.AskAsync(new { handle = code.Handle, proof, csr });
            Assert.Equal(unknown.StatusCode, wrong.StatusCode);
            Assert.Equal(await unknown.Content.ReadAsStringAsync(Ct), await wrong.Content.ReadAsStringAsync(Ct));
        }

        Assert.Equal("code-wrong", (await EnrolmentWorld.ProblemAsync(unknown, HttpStatusCode.Forbidden)).Code);
        Assert.Equal("code-ended", (await EnrolmentWorld.ProblemAsync(await world.AskAsync(code, key), HttpStatusCode.Forbidden)).Code);
        Assert.Equal(["blocklist_curation manager code.make", "blocklist_portal enrolment code.tried-out"], await world.AuditAsync(provider));
    }

    [Fact]
    public async Task Whoever_carries_the_proof_cannot_use_it_for_a_key_of_their_own()
    {
        var code = await world.CodeAsync(await world.RegisterAsync());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var theirs = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        using var stolen = await world.AskAsync(code, key, EnrolmentWorld.Csr(theirs));

        Assert.Equal("code-wrong", (await EnrolmentWorld.ProblemAsync(stolen, HttpStatusCode.Forbidden)).Code);
        // And a request that the key did not sign is none.
        var forged = EnrolmentWorld.Csr(key);
        forged[^1] ^= 1;
        using var unsigned = await world.AskAsync(code, key, forged);
        Assert.Equal("enrolment-malformed", (await EnrolmentWorld.ProblemAsync(unsigned, HttpStatusCode.BadRequest)).Code);
    }

    [Fact]
    public async Task Code_is_for_one_key_and_a_newer_one_ends_it_and_so_does_its_time()
    {
        var provider = await world.RegisterAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (first, second) = (await world.CodeAsync(provider), await world.CodeAsync(provider));
        Assert.Equal("code-ended", (await EnrolmentWorld.ProblemAsync(await world.AskAsync(first, key), HttpStatusCode.Forbidden)).Code);
        await world.Database.ExecuteAsync("update providers.code set made_at = made_at - interval '8 days', expires_at = expires_at - interval '8 days' where handle = $1", second.Handle);
        Assert.Equal("code-expired", (await EnrolmentWorld.ProblemAsync(await world.AskAsync(second, key), HttpStatusCode.Forbidden)).Code);

        var third = await world.CodeAsync(provider);
        Assert.Equal(HttpStatusCode.Accepted, (await world.AskAsync(third, key)).StatusCode);
        var (problem, detail) = await EnrolmentWorld.ProblemAsync(await world.AskAsync(third, other), HttpStatusCode.Forbidden);

        Assert.Equal("code-used", problem);
        Assert.Contains("call the operator at once", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa 2048")]
    [InlineData("rsa 3072 with exponent 3")]
    [InlineData("P-384")]
    public async Task Weak_or_strange_key_is_refused_and_the_code_is_as_it_was(string kind)
    {
        var code = await world.CodeAsync(await world.RegisterAsync());
        using AsymmetricAlgorithm key = kind switch
        {
            "rsa 2048" => RSA.Create(2048),
            "P-384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => await SmallExponentAsync(),
        };

        var (problem, detail) = await EnrolmentWorld.ProblemAsync(await world.AskAsync(code, key), HttpStatusCode.BadRequest);

        Assert.Equal("enrolment-malformed", problem);
        Assert.Contains("ECDSA P-256 and RSA", detail, StringComparison.Ordinal);
        using var good = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(HttpStatusCode.Accepted, (await world.AskAsync(code, good)).StatusCode);
    }

    [Fact]
    public async Task Key_that_has_a_certificate_gets_no_other_whoever_enrolled_it()
    {
        var provider = await world.RegisterAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var first = await world.EnrolAsync(provider, key);
        using var byHand = await world.Node.EnrolAsync(await world.RegisterAsync());
        using var handKey = byHand.GetECDsaPrivateKey()!;

        foreach (var used in new[] { key, handKey })
        {
            var code = await world.CodeAsync(await world.RegisterAsync());
            Assert.Equal("key-in-use", (await EnrolmentWorld.ProblemAsync(await world.AskAsync(code, used), HttpStatusCode.Conflict)).Code);
        }
    }

    [Fact]
    public async Task Two_certificates_may_be_valid_and_a_third_waits_for_the_end_of_one()
    {
        var provider = await world.RegisterAsync();
        using var first = await world.EnrolAsync(provider);
        using var second = await world.EnrolAsync(provider);
        var code = await world.CodeAsync(provider);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("certificates-enough", (await EnrolmentWorld.ProblemAsync(await world.AskAsync(code, key), HttpStatusCode.Conflict)).Code);

        await world.Node.RevokeAsync(ClientCertificate.Sha256(first));

        Assert.Equal(HttpStatusCode.Accepted, (await world.AskAsync(code, key)).StatusCode);
        await world.Issuer.RunAsync(Ct);
        (await EnrolmentWorld.CertificateAsync(await world.AskAsync(code, key), key)).Dispose();
    }

    [Fact]
    public async Task Codes_that_are_made_while_others_are_used_hold_up_nobody()
    {
        var provider = await world.RegisterAsync();
        var code = await world.CodeAsync(provider);

        // Each side locks what the other locks: wrong proofs of a code, and codes in its place.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async turn =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            if (turn % 4 == 0) await world.CodeAsync(provider);
            else using (var answer = await world.AskAsync(code, key)) Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.Forbidden });
        }));

        Assert.InRange(await world.Database.ScalarAsync<long>("select count(*) from providers.code where provider_id = $1 and used_at is null and ended_at is null", provider), 0, 1);
        Assert.InRange(await world.Database.ScalarAsync<long>("select count(*) from providers.request where provider_id = $1", provider), 0, 1);
    }

    [Fact]
    public async Task Network_that_asks_too_often_is_told_when_to_ask_again()
    {
        await using var portal = await world.StartPortalAsync(enrolmentsPerHour: 10);
        for (var request = 0; request < 10; request++) Assert.Equal(HttpStatusCode.BadRequest, (await world.AskAsync(new { handle = "x" }, portal)).StatusCode);

        using var refused = await world.AskAsync(new { handle = "x" }, portal);

        Assert.Equal("rate-limited", (await EnrolmentWorld.ProblemAsync(refused, HttpStatusCode.TooManyRequests)).Code);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
    }

    private static async Task<RSA> SmallExponentAsync()
    {
        var made = (await BlockList.Tools.Development.Subprocess.RunAsync(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-pkeyopt", "rsa_keygen_pubexp:3"], ct: Ct)).Require();
        var key = RSA.Create();
        key.ImportFromPem(made.Output);
        return key;
    }
}
