using System.Net;
using BlockList.Server.Access;
using BlockList.Server.Tests.Web;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Access;

public sealed class RoleTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Role_withdrawn_takes_effect_on_the_next_request()
    {
        await site.AddPersonAsync("una", "no-police", "agency-administrator");
        using var una = await site.SignInAsync("una");
        (await una.PostAsync("/people/anna/invite")).Expect(HttpStatusCode.OK);
        using var oscar = await site.SignInAsync("oscar");
        Assert.Contains("changed", (await oscar.SubmitAsync(await oscar.GetAsync("/people/una"), "form[action$=roles]", ("roles", "complaints-officer"))).Words, StringComparison.Ordinal);

        (await una.PostAsync("/people/anna/invite")).Expect(HttpStatusCode.Forbidden);
        Assert.True(await una.IsSignedInAsync());
    }

    [Fact]
    public async Task Without_any_role_the_sessions_end()
    {
        await site.AddPersonAsync("nina", "no-police", "curator");
        using var nina = await site.SignInAsync("nina");
        using var astrid = await site.SignInAsync("astrid");
        await astrid.SubmitAsync(await astrid.GetAsync("/people/nina"), "form[action$=roles]", ("roles", null));

        Assert.False(await nina.IsSignedInAsync());
        Assert.Equal("role-changed", await site.Database.ScalarAsync<string>("select ended_because from access.session where person = 'nina'"));
        Assert.Equal("""astrid nina {"after": "", "before": "curator", "sessionsEnded": 1}""", Assert.Single(await site.AuditAsync("roles.change", "nina")));
    }

    [Fact]
    public async Task Leaving_ends_sessions_and_invitations_for_good()
    {
        await site.AddPersonAsync("leif", "no-police", "curator");
        using var leif = await site.SignInAsync("leif");
        var link = await site.InviteAsync("astrid", "leif");
        using var astrid = await site.SignInAsync("astrid");
        var left = await astrid.SubmitAsync(await astrid.GetAsync("/people/leif"), "form[action$=leave]", ("confirm", "yes"));
        using var key = new Authenticator();

        Assert.Contains("closed", left.Words, StringComparison.Ordinal);
        Assert.False(await leif.IsSignedInAsync());
        (await Ceremony.AcceptAsync(leif, key, link)).Expect(HttpStatusCode.Gone);
        (await astrid.PostAsync("/people/leif/invite")).Expect(HttpStatusCode.Forbidden);
        (await astrid.PostAsync("/people/leif/roles", ("roles", "curator"))).Expect(HttpStatusCode.Forbidden);
        await AssertDatabaseRefusesAsync("person_left_for_good", "select access.change_roles('astrid', 'leif', '{curator}', null)");
    }

    [Theory]
    [InlineData("astrid", "curator")]
    [InlineData("oscar", "auditor")]
    [InlineData("oscar", "oversight")]
    public async Task Administrator_cannot_change_their_own_roles(string person, string role)
    {
        using var browser = await site.SignInAsync(person);
        var roles = await site.Database.ScalarAsync<string[]>("select roles from access.person where id = $1", person);

        (await browser.PostAsync($"/people/{person}/roles", ("roles", role))).Expect(HttpStatusCode.Forbidden);
        (await browser.PostAsync($"/people/{person}/leave", ("confirm", "yes"))).Expect(HttpStatusCode.Forbidden);

        Assert.Null((await browser.GetAsync($"/people/{person}")).Document.QuerySelector("form[action$=roles]"));
        Assert.Equal(roles, await site.Database.ScalarAsync<string[]>("select roles from access.person where id = $1", person));
        await AssertDatabaseRefusesAsync("person_roles_by_another", $"select access.change_roles('{person}', '{person}', '{{{role}}}', null)");
    }

    [Theory]
    [InlineData("astrid", "anna", "list-owner")]
    [InlineData("astrid", "bram", "release-officer")]
    [InlineData("joost", "anna", "release-officer")]
    [InlineData("oscar", "anna", "release-officer")]
    [InlineData("oscar", "lena", "agency-administrator")]
    [InlineData("anna", "dirk", "release-officer")]
    [InlineData("vera", "dirk", "release-officer")]
    public async Task Nobody_gives_a_role_that_is_not_theirs_to_give(string giver, string person, string role)
    {
        using var browser = await site.SignInAsync(giver);
        var before = await site.Database.ScalarAsync<string[]>("select roles from access.person where id = $1", person);

        var answer = await browser.PostAsync($"/people/{person}/roles", ("roles", string.Join(',', before!.Append(role))));

        Assert.True(answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity, answer.Text);
        Assert.Equal(before, await site.Database.ScalarAsync<string[]>("select roles from access.person where id = $1", person));
        await using var connection = new NpgsqlConnection(site.Database.Curation);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select access.change_roles($1, $2, $3, null)", connection) { Parameters = { new() { Value = giver }, new() { Value = person }, new() { Value = before!.Append(role).ToArray() } } };
        await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("astrid", "no-police", "list-owner")]
    [InlineData("astrid", "nl-hotline", "curator")]
    [InlineData("oscar", "no-police", "curator")]
    [InlineData("oscar", "", "curator")]
    [InlineData("oscar", "no-police", "auditor")]
    [InlineData("oscar", "", "auditor,oversight")]
    [InlineData("oscar", "", "operator-administrator,list-owner")]
    public async Task Nobody_is_added_with_roles_that_do_not_fit(string adder, string agency, string roles)
    {
        using var browser = await site.SignInAsync(adder);
        var answer = await browser.PostAsync("/people", ("new-name", "Somebody"), ("new-id", "somebody"), ("new-agency", agency), ("new-roles", roles));

        answer.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("somebody", answer.Document.QuerySelector("#new-id")!.GetAttribute("value"));
        Assert.NotNull(answer.Document.QuerySelector(".error-summary"));
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from access.person where id = 'somebody'"));
    }

    [Fact]
    public async Task Rules_of_the_pages_are_those_of_the_table()
    {
        // Every set of roles, for someone of an agency and someone of none.
        var all = RoleNames.All;
        foreach (var agency in new[] { "no-police", null })
        {
            for (var set = 0; set < 1 << all.Length; set++)
            {
                var roles = all.Where((_, i) => (set & (1 << i)) != 0).ToArray();
                var fits = await site.Database.ScalarAsync<bool>("""
                    select not (roles && '{agency-administrator,operator-administrator}' and roles && '{curator,release-officer,list-owner,complaints-officer,oversight}')
                      and (not 'auditor' = any (roles) or cardinality(roles) = 1)
                      and (agency is not null or not roles && '{curator,agency-administrator,release-officer}')
                      and (agency is null or not roles && '{oversight,provider-manager,auditor,operator-administrator}')
                    from (select $1::text[] as roles, nullif($2, '') as agency) s
                    """, roles, agency ?? "");
                Assert.True(fits == RoleRules.ProblemOf(roles, agency) is null, $"{string.Join(' ', roles)} in {agency ?? "none"}");
            }
        }
    }

    [Fact]
    public async Task Administrator_signs_a_person_out_everywhere()
    {
        await site.AddPersonAsync("signe", "no-police", "curator");
        using var one = await site.SignInAsync("signe");
        using var two = await site.SignInAsync("signe");
        using var joost = await site.SignInAsync("joost");
        using var astrid = await site.SignInAsync("astrid");
        (await joost.PostAsync("/people/signe/sessions/end")).Expect(HttpStatusCode.Forbidden);
        Assert.True(await one.IsSignedInAsync());

        await astrid.SubmitAsync(await astrid.GetAsync("/people/signe"), "form[action$='sessions/end']");

        Assert.False(await one.IsSignedInAsync());
        Assert.False(await two.IsSignedInAsync());
    }

    private async Task AssertDatabaseRefusesAsync(string constraint, string sql)
    {
        await using var connection = new NpgsqlConnection(site.Database.Curation);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))).ConstraintName);
    }
}
