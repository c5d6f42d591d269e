using System.Net;
using BlockList.Server.Access;
using BlockList.Server.Tests.Web;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Access;

public sealed class InvitationTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Administrator_adds_someone_and_their_link_makes_a_passkey()
    {
        using var astrid = await site.SignInAsync("astrid");
        var invited = await astrid.PostAsync("/people", ("new-name", "Berit <b>"), ("new-id", "berit"), ("new-agency", "no-police"), ("new-roles", "curator"));
        var link = invited.Expect(HttpStatusCode.OK).Document.QuerySelector("#link")!.GetAttribute("value")!;
        using var berit = site.Open();
        using var key = new Authenticator();
        var welcome = await berit.GetAsync(new Uri(link).AbsolutePath);

        Assert.Contains("Berit <b>", welcome.Words, StringComparison.Ordinal);
        Assert.Contains("Astrid", welcome.Words, StringComparison.Ordinal);
        (await Ceremony.AcceptAsync(berit, key, link, ("name", "Blue key"))).Expect(HttpStatusCode.OK);
        Assert.Contains("Blue key", (await berit.GetAsync("/account")).Words, StringComparison.Ordinal);
        Assert.Single(await site.AuditAsync("person.add", "berit"));
        Assert.Single(await site.AuditAsync("person.invite", "berit"));
        Assert.Contains(Passkey.Label(key.Id), Assert.Single(await site.AuditAsync("invitation.use", "berit")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitation_used_twice_is_refused_the_second_time()
    {
        await site.AddPersonAsync("tore", "no-police", "curator");
        var link = await site.InviteAsync("astrid", "tore");
        using var first = new Authenticator();
        using var second = new Authenticator();
        using var tore = site.Open();
        using var thief = site.Open();
        (await Ceremony.AcceptAsync(tore, first, link)).Expect(HttpStatusCode.OK);

        var refused = await Ceremony.AcceptAsync(thief, second, link);

        Assert.Equal("This invitation was used already", refused.Expect(HttpStatusCode.Gone).Heading);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from access.passkey where person = 'tore'"));
    }

    [Fact]
    public async Task Invitation_used_in_two_browsers_at_once_makes_one_passkey()
    {
        await site.AddPersonAsync("tuva", "no-police", "curator");
        var path = new Uri(await site.InviteAsync("astrid", "tuva")).AbsolutePath;
        var browsers = Enumerable.Range(0, 6).Select(_ => (Browser: site.Open(), Key: new Authenticator())).ToArray();
        var begun = new List<Page>();
        foreach (var (browser, _) in browsers)
        {
            await browser.GetAsync(path);
            begun.Add((await Ceremony.PostAsync(browser, path + "/begin")).Expect(HttpStatusCode.OK));
        }

        var answers = await Task.WhenAll(browsers.Select((one, i) => Ceremony.FinishAsync(one.Browser, one.Key, begun[i], path + "/finish")));

        Assert.Single(answers, page => page.Status == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(page => page.Status == HttpStatusCode.Gone));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from access.passkey where person = 'tuva'"));
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from access.session where person = 'tuva'"));
        foreach (var (browser, key) in browsers)
        {
            browser.Dispose();
            key.Dispose();
        }
    }

    [Fact]
    public async Task Invitation_is_too_old_after_three_days()
    {
        await site.AddPersonAsync("trine", "no-police", "curator");
        var link = await site.InviteAsync("astrid", "trine");
        site.Clock.Offset += TimeSpan.FromHours(72);
        using var browser = site.Open();
        using var key = new Authenticator();

        Assert.Equal("This invitation is too old", (await Ceremony.AcceptAsync(browser, key, link)).Expect(HttpStatusCode.Gone).Heading);
    }

    [Fact]
    public async Task Invitation_that_ends_while_the_device_is_asked_makes_no_passkey()
    {
        await site.AddPersonAsync("tina", "no-police", "curator");
        var path = new Uri(await site.InviteAsync("astrid", "tina")).AbsolutePath;
        using var browser = site.Open();
        using var key = new Authenticator();
        await browser.GetAsync(path);
        var begun = await Ceremony.PostAsync(browser, path + "/begin");
        await site.Database.ExecuteAsync("update access.invitation set revoked_at = now() where person = 'tina'");

        (await Ceremony.FinishAsync(browser, key, begun, path + "/finish")).Expect(HttpStatusCode.Gone);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from access.passkey where person = 'tina'"));
    }

    [Fact]
    public async Task Invitation_that_was_withdrawn_opens_nothing()
    {
        await site.AddPersonAsync("torill", "no-police", "curator");
        var link = await site.InviteAsync("astrid", "torill");
        using var astrid = await site.SignInAsync("astrid");
        var person = await astrid.GetAsync("/people/torill");
        Assert.Contains("is withdrawn", (await astrid.SubmitAsync(person, "form[action$=revoke]")).Words, StringComparison.Ordinal);
        using var browser = site.Open();
        using var key = new Authenticator();

        Assert.Equal("This invitation is withdrawn", (await Ceremony.AcceptAsync(browser, key, link)).Expect(HttpStatusCode.Gone).Heading);
        Assert.StartsWith("astrid torill", Assert.Single(await site.AuditAsync("invitation.revoke", "torill")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Newer_link_makes_the_older_one_useless()
    {
        await site.AddPersonAsync("tyra", "no-police", "curator");
        var older = await site.InviteAsync("astrid", "tyra");
        var newer = await site.InviteAsync("astrid", "tyra");
        using var browser = site.Open();
        using var key = new Authenticator();

        (await Ceremony.AcceptAsync(browser, key, older)).Expect(HttpStatusCode.Gone);
        (await Ceremony.AcceptAsync(browser, key, newer)).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("joost")]
    [InlineData("anna")]
    [InlineData("vera")]
    [InlineData("oscar")]
    public async Task Nobody_but_their_own_administrator_invites_a_curator(string inviter)
    {
        var person = await site.AddPersonAsync("for-" + inviter, "no-police", "curator");
        using var browser = await site.SignInAsync(inviter);

        (await browser.PostAsync($"/people/{person}/invite")).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from access.invitation where person = $1", person));
        await AssertDatabaseRefusesAsync("invitation_by_an_administrator", $"insert into access.invitation (id, token_sha256, person, kind, invited_by, expires_at) values (gen_random_uuid(), sha256('{person}'), '{person}', 'first', '{inviter}', now() + interval '1 day')");
    }

    [Fact]
    public async Task Recovery_without_a_second_person_opens_nothing()
    {
        var (browser, key) = await site.ArriveAsync("rita");
        using var lost = key;
        using var owner = browser;
        var link = await site.InviteAsync("astrid", "rita");
        using var back = site.Open();
        using var fresh = new Authenticator();

        Assert.Equal("This invitation waits for a second person", (await Ceremony.AcceptAsync(back, fresh, link)).Expect(HttpStatusCode.Gone).Heading);
        await AssertDatabaseRefusesAsync("invitation_recovery_is_approved", "update access.invitation set used_at = now() where person = 'rita' and used_at is null");
        await AssertDatabaseRefusesAsync("invitation_first_is_first", "insert into access.invitation (id, token_sha256, person, kind, invited_by, expires_at) values (gen_random_uuid(), sha256('rita'), 'rita', 'first', 'astrid', now() + interval '1 day')");
    }

    [Fact]
    public async Task Inviter_cannot_approve_what_they_made_nor_can_the_person_nor_a_stranger()
    {
        var (owner, key) = await site.ArriveAsync("runa");
        using (owner)
        using (key)
        {
            await site.InviteAsync("astrid", "runa");
            var id = await site.Database.ScalarAsync<Guid>("select id from access.invitation where person = 'runa' and used_at is null");
            foreach (var other in new[] { "astrid", "joost", "bram", "vera" })
            {
                using var browser = await site.SignInAsync(other);
                (await browser.PostAsync($"/people/runa/invitations/{id}/approve")).Expect(HttpStatusCode.Forbidden);
            }
            (await owner.PostAsync($"/people/runa/invitations/{id}/approve")).Expect(HttpStatusCode.Forbidden);

            Assert.True(await site.Database.ScalarAsync<bool>("select approved_at is null from access.invitation where id = $1", id));
            await AssertDatabaseRefusesAsync("invitation_second_person", $"update access.invitation set approved_by = 'astrid', approved_at = now() where id = '{id}'");
            await AssertDatabaseRefusesAsync("invitation_second_person", $"update access.invitation set approved_by = 'runa', approved_at = now() where id = '{id}'");
            await AssertDatabaseRefusesAsync("invitation_approver", $"update access.invitation set approved_by = 'bram', approved_at = now() where id = '{id}'");
        }
    }

    [Fact]
    public async Task Recovery_that_a_curator_of_the_agency_approved_ends_all_sessions_and_removes_the_lost_passkeys()
    {
        var (owner, lost) = await site.ArriveAsync("randi");
        using (owner)
        using (lost)
        {
            var link = await site.InviteAsync("astrid", "randi");
            using var anna = await site.SignInAsync("anna");
            Assert.Contains("randi", (await anna.GetAsync("/people")).Document.QuerySelector("#waiting")!.Closest("section")!.TextContent, StringComparison.Ordinal);
            var approved = await anna.SubmitAsync(await anna.GetAsync("/people/randi"), "form[action$=approve]");
            Assert.Contains("approved", approved.Words, StringComparison.Ordinal);
            using var back = site.Open();
            using var fresh = new Authenticator();

            (await Ceremony.AcceptAsync(back, fresh, link, ("remove-earlier", "yes"))).Expect(HttpStatusCode.OK);

            Assert.True(await back.IsSignedInAsync());
            Assert.False(await owner.IsSignedInAsync());
            using var thief = site.Open();
            (await Ceremony.SignInAsync(thief, lost)).Expect(HttpStatusCode.Forbidden);
            using var again = site.Open();
            (await Ceremony.SignInAsync(again, fresh)).Expect(HttpStatusCode.OK);
            Assert.StartsWith("anna randi", Assert.Single(await site.AuditAsync("invitation.approve", "randi")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Recovery_can_keep_the_earlier_passkeys()
    {
        var (owner, kept) = await site.ArriveAsync("ronja");
        using (owner)
        using (kept)
        {
            var link = await site.InviteAsync("astrid", "ronja");
            using var oscar = await site.SignInAsync("oscar");
            await oscar.SubmitAsync(await oscar.GetAsync("/people/ronja"), "form[action$=approve]");
            using var back = site.Open();
            using var fresh = new Authenticator();
            (await Ceremony.AcceptAsync(back, fresh, link)).Expect(HttpStatusCode.OK);
            using var again = site.Open();

            (await Ceremony.SignInAsync(again, kept)).Expect(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Passkey_without_verification_or_for_another_origin_is_not_registered()
    {
        await site.AddPersonAsync("ulla", "no-police", "curator");
        var link = await site.InviteAsync("astrid", "ulla");
        foreach (var key in new[] { new Authenticator { VerifiesUser = false }, new Authenticator { Origin = "https://evil.example" } })
        {
            using var browser = site.Open();
            (await Ceremony.AcceptAsync(browser, key, link)).Expect(HttpStatusCode.Forbidden);
            key.Dispose();
        }

        Assert.True(await site.Database.ScalarAsync<bool>("select used_at is null from access.invitation where person = 'ulla'"));
    }

    [Fact]
    public async Task Link_is_kept_in_no_table_and_no_log_and_wrong_links_are_all_the_same()
    {
        await site.AddPersonAsync("hilde", "no-police", "curator");
        var link = await site.InviteAsync("astrid", "hilde");
        var secret = link.Split('/')[^1];
        using var browser = site.Open();
        await browser.GetAsync(new Uri(link).AbsolutePath);
        var wrong = await browser.GetAsync("/invitation/" + new string('A', 43));

        Assert.Equal(43, secret.Length);
        Assert.Equal("This link is no invitation", wrong.Expect(HttpStatusCode.NotFound).Heading);
        Assert.DoesNotContain(secret, string.Join('\n', site.Log.At(Microsoft.Extensions.Logging.LogLevel.Information).Concat(site.Log.At(Microsoft.Extensions.Logging.LogLevel.Warning)).Concat(site.Log.At(Microsoft.Extensions.Logging.LogLevel.Error))), StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select (select count(*) from access.invitation i where i::text like '%' || $1 || '%') + (select count(*) from oversight.audit a where a::text like '%' || $1 || '%')", secret));
    }

    private async Task AssertDatabaseRefusesAsync(string constraint, string sql)
    {
        await using var connection = new NpgsqlConnection(site.Database.Curation);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))).ConstraintName);
    }
}
