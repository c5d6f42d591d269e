using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Providers;
using BlockList.Server.Tests.Database;
using BlockList.Server.Tests.Distribution;
using Xunit;

namespace BlockList.Server.Tests.Providers;

public sealed class ProviderUseCaseTests(ProvidersFixture fixture) : IClassFixture<ProvidersFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registered_provider_has_its_lists_and_an_audit_row_without_its_contact()
    {
        var outcome = await fixture.Register.RunAsync(new RegisterProviderRequest(" Fjord Net ", "noc@fjord.example", ["worst-of", "national", "worst-of"]), "operator:ann", Ct);

        var id = Assert.IsType<RegisterProviderOutcome.Registered>(outcome).Id;
        Assert.Equal("Fjord Net|noc@fjord.example|national,worst-of", await fixture.Database.ScalarAsync<string>("""
            select name || '|' || contact || '|' || (select string_agg(list, ',' order by list) from providers.provider_list where provider_id = id)
            from providers.provider where id = $1
            """, id));
        var audit = Assert.Single(await fixture.AuditAsync(id));
        Assert.Equal((MigratedDatabase.CurationLogin, "operator:ann", "provider.register", """{"lists": ["worst-of", "national"]}"""), audit);
    }

    [Fact]
    public async Task Name_that_is_taken_is_refused_and_leaves_nothing()
    {
        await fixture.RegisterAsync("Taken");
        var audits = await fixture.AuditRowsAsync();

        var outcome = await fixture.Register.RunAsync(new RegisterProviderRequest("Taken", "other@provider.example", ["national"]), "test", Ct);

        Assert.IsType<RegisterProviderOutcome.NameTaken>(outcome);
        Assert.Equal(audits, await fixture.AuditRowsAsync());
    }

    [Fact]
    public async Task Of_several_who_register_one_name_at_once_one_succeeds()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            fixture.Register.RunAsync(new RegisterProviderRequest("Contested", "noc@provider.example", ["national"]), "test", Ct)));

        var registered = Assert.Single(outcomes.OfType<RegisterProviderOutcome.Registered>());
        Assert.Equal(3, outcomes.OfType<RegisterProviderOutcome.NameTaken>().Count());
        Assert.Single(await fixture.AuditAsync(registered.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two\nlines")]
    [InlineData("0199e2a4-5b1c-7d3e-8f00-112233445566")]
    public async Task Name_that_cannot_be_one_is_refused(string name) => Assert.IsType<RegisterProviderOutcome.NameUnfit>(
        await fixture.Register.RunAsync(new RegisterProviderRequest(name, "noc@provider.example", []), "test", Ct));

    [Fact]
    public async Task List_that_does_not_exist_is_refused()
    {
        var audits = await fixture.AuditRowsAsync();

        var outcome = await fixture.Register.RunAsync(new RegisterProviderRequest("Hopeful", "noc@provider.example", ["national", "worstof"]), "test", Ct);

        Assert.IsType<RegisterProviderOutcome.NoSuchList>(outcome);
        Assert.Equal(audits, await fixture.AuditRowsAsync());
        Assert.Equal(0, await fixture.Database.ScalarAsync<long>("select count(*) from providers.provider where name = 'Hopeful'"));
    }

    [Fact]
    public async Task Enrolled_certificate_is_known_by_its_hash_with_its_dates()
    {
        var provider = await fixture.RegisterAsync("Enrolled");
        using var certificate = fixture.Clients.Issue("provider");

        var outcome = await fixture.Enrol.RunAsync(new EnrolCertificateRequest("Enrolled", certificate.ExportCertificatePem()), "operator:ann", Ct);

        var sha256 = ClientCertificate.Sha256(certificate);
        Assert.Equal(new EnrolCertificateOutcome.Enrolled(sha256, certificate.NotAfter.ToUniversalTime()), outcome);
        Assert.True(await fixture.Database.ScalarAsync<bool>("select not_before = $2 and not_after = $3 and revoked_at is null from providers.certificate where sha256 = $1",
            sha256, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime()));
        Assert.Equal(provider, (await FindAsync(sha256))!.ProviderId);
        Assert.Equal((MigratedDatabase.CurationLogin, "operator:ann", "certificate.enrol", $$"""{"certificate": "{{sha256}}", "renewed_from": null}"""), (await fixture.AuditAsync(provider))[^1]);
    }

    [Fact]
    public async Task Certificate_enrolled_before_is_refused_for_any_provider()
    {
        var provider = await fixture.RegisterAsync("First owner");
        var other = await fixture.RegisterAsync("Second owner");
        using var certificate = fixture.Clients.Issue("provider");
        var pem = certificate.ExportCertificatePem();
        await fixture.Enrol.RunAsync(new EnrolCertificateRequest(provider.ToString(), pem), "test", Ct);
        var audits = await fixture.AuditRowsAsync();

        var outcome = await fixture.Enrol.RunAsync(new EnrolCertificateRequest(other.ToString(), pem), "test", Ct);

        Assert.Equal(new EnrolCertificateOutcome.AlreadyEnrolled(ClientCertificate.Sha256(certificate)), outcome);
        Assert.Equal(audits, await fixture.AuditRowsAsync());
        Assert.Equal(provider, (await FindAsync(ClientCertificate.Sha256(certificate)))!.ProviderId);
    }

    [Fact]
    public async Task Certificates_that_must_not_be_let_in_are_refused()
    {
        await fixture.RegisterAsync("Careless");
        var now = fixture.Clock.GetUtcNow();
        using var authority = fixture.Clients.Issue("provider", isAuthority: true);
        using var server = fixture.Clients.Issue("provider", TestAuthority.ForServers);
        using var anything = fixture.Clients.Issue("provider", purpose: null);
        using var expired = fixture.Clients.Issue("provider", until: now.AddHours(-1));
        using var good = fixture.Clients.Issue("provider");
        var pem = good.ExportCertificatePem();

        Assert.IsType<EnrolCertificateOutcome.IsAuthority>(await EnrolAsync(authority.ExportCertificatePem()));
        Assert.IsType<EnrolCertificateOutcome.NotForClients>(await EnrolAsync(server.ExportCertificatePem()));
        Assert.IsType<EnrolCertificateOutcome.NotForClients>(await EnrolAsync(anything.ExportCertificatePem()));
        Assert.IsType<EnrolCertificateOutcome.Expired>(await EnrolAsync(expired.ExportCertificatePem()));
        Assert.IsType<EnrolCertificateOutcome.NotOneCertificate>(await EnrolAsync("hello"));
        Assert.IsType<EnrolCertificateOutcome.NotOneCertificate>(await EnrolAsync(pem + fixture.Clients.Certificate.ExportCertificatePem()));
        Assert.IsType<EnrolCertificateOutcome.NotOneCertificate>(await EnrolAsync("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"));
        Assert.IsType<EnrolCertificateOutcome.HoldsPrivateKey>(await EnrolAsync(pem + "\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"));
        Assert.IsType<EnrolCertificateOutcome.NoSuchProvider>(await fixture.Enrol.RunAsync(new EnrolCertificateRequest("Nobody", pem), "test", Ct));
        Assert.IsType<EnrolCertificateOutcome.NoSuchOrigin>(await fixture.Enrol.RunAsync(new EnrolCertificateRequest("Careless", pem, new string('0', 64)), "test", Ct));
        Assert.Null(await FindAsync(ClientCertificate.Sha256(good)));

        Task<EnrolCertificateOutcome> EnrolAsync(string text) => fixture.Enrol.RunAsync(new EnrolCertificateRequest("Careless", text), "test", Ct);
    }

    [Fact]
    public async Task Certificate_is_renewed_only_from_a_valid_one_of_the_same_provider()
    {
        var provider = await fixture.RegisterAsync("Renewing");
        var stranger = await fixture.RegisterAsync("Stranger");
        var revoked = await fixture.EnrolAsync(provider);
        await fixture.Revoke.RunAsync(new RevokeCertificateRequest.One(revoked), "test", Ct);
        using var next = fixture.Clients.Issue("provider");

        foreach (var origin in new[] { await fixture.EnrolAsync(stranger), revoked })
            Assert.IsType<EnrolCertificateOutcome.NoSuchOrigin>(await fixture.Enrol.RunAsync(
                new EnrolCertificateRequest(provider.ToString(), next.ExportCertificatePem(), origin), "test", Ct));
    }

    [Fact]
    public async Task Revocation_of_one_certificate_reaches_its_renewals_and_no_other()
    {
        var provider = await fixture.RegisterAsync("Robbed");
        var stolen = await fixture.EnrolAsync(provider);
        var renewed = await fixture.EnrolAsync(provider, stolen);
        var other = await fixture.EnrolAsync(provider);

        var outcome = await fixture.Revoke.RunAsync(new RevokeCertificateRequest.One(stolen.ToUpperInvariant()), "operator:ann", Ct);
        var again = await fixture.Revoke.RunAsync(new RevokeCertificateRequest.One(stolen), "operator:ann", Ct);

        Assert.Equal(new RevokeCertificateOutcome.Revoked(1), outcome);
        Assert.IsType<RevokeCertificateOutcome.NothingToRevoke>(again);
        Assert.Equal(stolen, (await FindAsync(renewed))!.RevokedSha256);
        Assert.Null((await FindAsync(other))!.RevokedAt);
        var revocations = (await fixture.AuditAsync(provider)).Where(a => a.Action == "certificate.revoke");
        Assert.Equal((MigratedDatabase.CurationLogin, "operator:ann", "certificate.revoke", $$"""{"certificates": ["{{stolen}}"]}"""), Assert.Single(revocations));
    }

    [Fact]
    public async Task Revocation_of_a_provider_reaches_all_its_certificates()
    {
        var provider = await fixture.RegisterAsync("Leaving");
        string[] certificates = [await fixture.EnrolAsync(provider), await fixture.EnrolAsync(provider)];

        var outcome = await fixture.Revoke.RunAsync(new RevokeCertificateRequest.AllOf("Leaving"), "test", Ct);

        Assert.Equal(new RevokeCertificateOutcome.Revoked(2), outcome);
        foreach (var sha256 in certificates) Assert.NotNull((await FindAsync(sha256))!.RevokedAt);
        Assert.IsType<RevokeCertificateOutcome.NothingToRevoke>(await fixture.Revoke.RunAsync(new RevokeCertificateRequest.AllOf("Leaving"), "test", Ct));
        Assert.IsType<RevokeCertificateOutcome.NoSuchProvider>(await fixture.Revoke.RunAsync(new RevokeCertificateRequest.AllOf("Nobody"), "test", Ct));
        Assert.IsType<RevokeCertificateOutcome.NoSuchCertificate>(await fixture.Revoke.RunAsync(new RevokeCertificateRequest.One(new string('0', 64)), "test", Ct));
    }

    [Fact]
    public async Task Suspension_begins_and_ends_once_each()
    {
        var provider = await fixture.RegisterAsync("Paused");

        Assert.IsType<SuspendProviderOutcome.Done>(await SuspendAsync(end: false));
        Assert.IsType<SuspendProviderOutcome.Unchanged>(await SuspendAsync(end: false));
        Assert.True(await fixture.Database.ScalarAsync<bool>("select suspended_at is not null from providers.provider where id = $1", provider));
        Assert.IsType<SuspendProviderOutcome.Done>(await SuspendAsync(end: true));
        Assert.IsType<SuspendProviderOutcome.Unchanged>(await SuspendAsync(end: true));
        Assert.IsType<SuspendProviderOutcome.NoSuchProvider>(await fixture.Suspend.RunAsync(new SuspendProviderRequest("Nobody"), "test", Ct));

        Assert.Equal(["provider.register", "provider.suspend", "provider.end-suspension"], (await fixture.AuditAsync(provider)).Select(a => a.Action));

        Task<SuspendProviderOutcome> SuspendAsync(bool end) => fixture.Suspend.RunAsync(new SuspendProviderRequest("Paused", end), "test", Ct);
    }

    [Fact]
    public async Task List_is_granted_later_and_taken_back_with_the_next_request()
    {
        var provider = await fixture.RegisterAsync("Growing");
        var certificate = await fixture.EnrolAsync(provider);

        Assert.False((await FindAsync(certificate))!.MayRead("national"));
        Assert.IsType<GrantListOutcome.Done>(await GrantAsync("national"));
        Assert.IsType<GrantListOutcome.Unchanged>(await GrantAsync("national"));
        Assert.True((await FindAsync(certificate))!.MayRead("national"));
        Assert.IsType<GrantListOutcome.Done>(await GrantAsync("national", end: true));
        Assert.IsType<GrantListOutcome.Unchanged>(await GrantAsync("national", end: true));
        Assert.False((await FindAsync(certificate))!.MayRead("national"));
        Assert.True((await FindAsync(certificate))!.MayRead("worst-of"));
        Assert.IsType<GrantListOutcome.NoSuchList>(await GrantAsync("nationl"));

        Assert.Equal(["provider.grant", "provider.end-grant"], (await fixture.AuditAsync(provider)).Select(a => a.Action).Where(a => a.Contains("grant", StringComparison.Ordinal)));

        Task<GrantListOutcome> GrantAsync(string list, bool end = false) => fixture.Grant.RunAsync(new GrantListRequest("Growing", list, end), "test", Ct);
    }

    private async Task<Enrolment?> FindAsync(string sha256) => Assert.Single(await fixture.Enrolments.FindAsync([sha256], Ct));
}
