using System.Net;
using BlockList.Format.Names;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>An agency shows a host to be its own and has it entered in the never-block register. What the checker finds is recorded
/// here through the checker's own function and login; how it looks for it, ProofTests show.</summary>
public sealed class HostTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Host_that_was_proven_is_entered_by_a_release_officer_and_can_then_never_be_listed()
    {
        using var anna = await site.SignInAsync("anna");
        var asked = await AskAsync(anna, "https://Mail.Agency-No.example/inbox");
        Assert.Contains("_blocklist-challenge.mail.agency-no.example", asked.Words, StringComparison.Ordinal);
        Assert.Matches("blocklist-challenge=[0-9a-f]{32}", asked.Words);
        await AnswerAsync("mail.agency-no.example", "absent");
        Assert.Contains("not found at ns1.agency-no.example", (await anna.GetAsync("/hosts")).Words, StringComparison.Ordinal);

        await AnswerAsync("mail.agency-no.example", "proven");
        var curators = await anna.GetAsync("/hosts");
        Assert.Null(curators.Document.QuerySelector("form[action$=enter]"));
        using var olav = await site.SignInAsync("olav");
        var entered = await olav.SubmitAsync(await olav.GetAsync("/hosts"), "form[action$=enter]", ("reason", "our mail"));

        Assert.Contains("The host is in the never-block register", entered.Words, StringComparison.Ordinal);
        Assert.Contains("It stands in the never-block register", entered.Words, StringComparison.Ordinal);
        var guard = await site.Services.GetRequiredService<CurrentGuard>().ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("proven-host", Assert.IsType<GuardVerdict.Refuse>(guard.Check(Name("www.mail.agency-no.example"), Scope.Host)).Problem.Code);
        Assert.Equal(1L, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where action = 'register.add' and actor = 'olav' and detail ->> 'source' = 'proven' and subject in (select id::text from names.decision where name = 'mail.agency-no.example')"));
    }

    [Fact]
    public async Task Another_agency_sees_nothing_of_it_and_enters_nothing()
    {
        using var anna = await site.SignInAsync("anna");
        await AskAsync(anna, "only-ours.example");
        await AnswerAsync("only-ours.example", "proven");
        var proof = await site.Database.ScalarAsync<Guid>("select id from dnschecks.proof where domain = 'only-ours.example'");

        using var pieter = await site.SignInAsync("pieter");
        Assert.DoesNotContain("only-ours.example", (await pieter.GetAsync("/hosts")).Text, StringComparison.Ordinal);
        Assert.Contains("You have no such proof", (await pieter.PostAsync($"/hosts/{proof}/enter", ("reason", "not ours"))).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        Assert.Contains("You have no such proof", (await pieter.PostAsync($"/hosts/{proof}/recheck")).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from names.decision where name = 'only-ours.example'"));
    }

    [Fact]
    public async Task Host_that_a_provider_proved_is_asked_for_by_the_provider_manager_and_entered_by_a_release_officer()
    {
        await site.Database.ExecuteAsync("insert into providers.provider (id, name, contact) values ('0199a000-0000-7000-8000-000000000001', 'Fjordnett', 'noc@fjordnett.example')");
        using var petra = await site.SignInAsync("petra");
        var form = await petra.GetAsync("/hosts");
        var unchosen = (await petra.PostAsync("/hosts", ("name", "www.fjordnett.example"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("Choose the provider", unchosen.Words, StringComparison.Ordinal);
        Assert.Equal("www.fjordnett.example", unchosen.Document.QuerySelector("input[name=name]")!.GetAttribute("value"));
        var asked = (await petra.SubmitAsync(form, "form[action='/hosts']", ("name", "www.fjordnett.example"), ("provider", "0199a000-0000-7000-8000-000000000001"))).Expect(HttpStatusCode.OK);
        Assert.Contains("_blocklist-challenge.www.fjordnett.example", asked.Words, StringComparison.Ordinal);
        Assert.Contains("of Fjordnett", asked.Words, StringComparison.Ordinal);

        using var olav = await site.SignInAsync("olav");
        Assert.DoesNotContain("fjordnett", (await olav.GetAsync("/hosts")).Words, StringComparison.OrdinalIgnoreCase);
        await AnswerAsync("www.fjordnett.example", "proven");
        // A curator without the release role sees nothing of it, and the manager has no vote.
        using var anna = await site.SignInAsync("anna");
        Assert.DoesNotContain("fjordnett", (await anna.GetAsync("/hosts")).Words, StringComparison.OrdinalIgnoreCase);
        Assert.Null((await petra.GetAsync("/hosts")).Document.QuerySelector("form[action$=enter]"));
        var proof = await site.Database.ScalarAsync<Guid>("select id from dnschecks.proof where domain = 'www.fjordnett.example'");
        (await petra.PostAsync($"/hosts/{proof}/enter", ("reason", "ours"))).Expect(HttpStatusCode.Forbidden);

        var entered = await olav.SubmitAsync(await olav.GetAsync("/hosts"), $"form[action='/hosts/{proof}/enter']", ("reason", "a provider's own site"));
        Assert.Contains("The host is in the never-block register", entered.Words, StringComparison.Ordinal);
        Assert.Null(entered.Document.QuerySelector($"form[action='/hosts/{proof}/enter']"));
        Assert.Contains("It stands in the never-block register", (await petra.GetAsync("/hosts")).Words, StringComparison.Ordinal);
        var guard = await site.Services.GetRequiredService<CurrentGuard>().ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("proven-host", Assert.IsType<GuardVerdict.Refuse>(guard.Check(Name("www.fjordnett.example"), Scope.Host)).Problem.Code);
    }

    [Theory]
    [InlineData("", "Type the name of the host")]
    [InlineData("bad host.example", "")]
    [InlineData("github.io", "public suffix")]
    public async Task What_is_no_host_is_refused_and_stays_typed(string typed, string words)
    {
        using var anna = await site.SignInAsync("anna");
        var refused = (await anna.PostAsync("/hosts", ("name", typed))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains(words, refused.Words, StringComparison.Ordinal);
        Assert.Equal(typed, refused.Document.QuerySelector("input[name=name]")?.GetAttribute("value") ?? "");
    }

    [Fact]
    public async Task Host_without_its_record_is_entered_by_nobody_and_the_reason_stays_typed()
    {
        using var olav = await site.SignInAsync("olav");
        await AskAsync(olav, "unproven.example");
        var proof = await site.Database.ScalarAsync<Guid>("select id from dnschecks.proof where domain = 'unproven.example'");

        var refused = (await olav.PostAsync($"/hosts/{proof}/enter", ("reason", "surely ours"))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains("No proof of control holds for this name", refused.Words, StringComparison.Ordinal);
        Assert.Equal(0L, await site.Database.ScalarAsync<long>("select count(*) from names.decision where name = 'unproven.example'"));
    }

    [Fact]
    public async Task Proof_that_grew_old_is_asked_for_anew()
    {
        using var anna = await site.SignInAsync("anna");
        await AskAsync(anna, "old.example");
        await AnswerAsync("old.example", "proven");
        await site.Database.ExecuteAsync("update dnschecks.proof set proven_at = now() - interval '40 days' where domain = 'old.example'");

        Assert.Contains("_blocklist-challenge.old.example", (await AskAsync(anna, "old.example")).Words, StringComparison.Ordinal);
        Assert.Equal(2L, await site.Database.ScalarAsync<long>("select count(distinct token) from dnschecks.proof where domain = 'old.example'"));
    }

    [Fact]
    public async Task Look_can_be_asked_for_and_says_when_it_was_too_soon()
    {
        using var anna = await site.SignInAsync("anna");
        await AskAsync(anna, "again.example");
        await AnswerAsync("again.example", "absent");
        var proof = await site.Database.ScalarAsync<Guid>("select id from dnschecks.proof where domain = 'again.example'");

        Assert.Contains("less than 20 seconds ago", (await anna.PostAsync($"/hosts/{proof}/recheck")).Expect(HttpStatusCode.UnprocessableEntity).Words, StringComparison.Ordinal);
        await site.Database.ExecuteAsync("update dnschecks.proof set next_check_at = now() - interval '1 second' where id = $1", proof);
        Assert.Contains("looked for now", (await anna.PostAsync($"/hosts/{proof}/recheck")).Words, StringComparison.Ordinal);
    }

    private static async Task<Page> AskAsync(Browser browser, string name)
    {
        var page = await browser.GetAsync("/hosts");
        return (await browser.SubmitAsync(page, "form[action='/hosts']", ("name", name))).Expect(HttpStatusCode.OK);
    }

    private async Task AnswerAsync(string domain, string outcome)
    {
        await using var connection = new NpgsqlConnection(site.Database.Checker);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var id = await site.Database.ScalarAsync<Guid>("select id from dnschecks.proof where domain = $1", domain);
        await using (var take = new NpgsqlCommand("select dnschecks.take_due(100, interval '5 minutes')", connection)) await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select dnschecks.record_answer($1, $2, 'insecure', $3, $4::jsonb, null)", connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(outcome);
        command.Parameters.AddWithValue(domain);
        command.Parameters.AddWithValue($$"""[{"server": "ns1.agency-no.example", "address": "192.0.2.1", "has": {{(outcome == "proven" ? "true" : "false")}}, "answers": true, "said": ""}]""");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static DomainName Name(string text) => DomainName.TryParseCanonical(text, out var name) ? name : throw new ArgumentException("no name", nameof(text));
}
