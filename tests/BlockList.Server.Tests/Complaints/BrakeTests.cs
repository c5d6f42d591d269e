using System.Net;
using BlockList.Server.Tests.Web;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace BlockList.Server.Tests.Complaints;

/// <summary>What a complaint costs: work or a link that is opened, and a share for each network and each address.</summary>
public sealed class BrakeTests(PortalSite site) : IClassFixture<PortalSite>
{
    [Fact]
    public async Task Without_work_a_link_is_sent_that_counts_when_its_button_is_pressed()
    {
        using var person = site.Complain("fr");
        await person.FillAsync(("domain", PortalSite.NewName));
        await person.SendAsync("");
        Assert.Equal("email", person.Step);
        Assert.Contains("n’a pas exécuté de script", person.Error, StringComparison.Ordinal);
        await person.AnswerAsync("anna@mail.example");
        await person.SendAsync("");

        Assert.Contains("ouvrez le lien", person.Page.Heading, StringComparison.Ordinal);
        Assert.Equal("unconfirmed", await StateAsync(person.Reference));
        Assert.Equal(0, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where subject = $1", person.Reference));
        var link = (await site.Database.ScalarAsync<string>("select link from complaint.notice where reference = $1 and what = 'confirm'", person.Reference))!;
        Assert.Contains("ne lit votre réclamation avant", (await person.FollowAsync()).Words, StringComparison.Ordinal);

        using var mail = site.Open();
        var opened = (await mail.GetAsync(new Uri(link).AbsolutePath)).Expect(HttpStatusCode.OK);
        Assert.Equal("unconfirmed", await StateAsync(person.Reference));
        var pressed = await mail.SubmitAsync(opened, "main form");
        Assert.Equal("Votre réclamation est confirmée", pressed.Heading);
        Assert.Equal("open", await StateAsync(person.Reference));
        Assert.Equal("confirm, receipt", await site.Database.ScalarAsync<string>("select string_agg(what, ', ' order by id) from complaint.notice where reference = $1", person.Reference));
        Assert.Equal("Votre réclamation est confirmée", (await mail.SubmitAsync(opened, "main form")).Heading);
        var token = link[(link.LastIndexOf('/') + 1)..];
        var another = new Uri(link).AbsolutePath.Replace(token, (token[0] == '0' ? "1" : "0") + token[1..], StringComparison.Ordinal);
        Assert.Equal("Ce lien ne fonctionne plus", (await mail.SubmitAsync(await mail.GetAsync(another), "main form")).Heading);
        Assert.Equal(1, await site.Database.ScalarAsync<long>("select count(*) from oversight.audit where subject = $1", person.Reference));
    }

    [Fact]
    public async Task One_address_is_not_flooded_with_links_and_the_sixth_says_so()
    {
        for (var i = 0; i < 5; i++)
        {
            using var person = site.Complain();
            await (await person.FillAsync(("domain", PortalSite.NewName), ("email", "flooded@mail.example"))).SendAsync("");
            Assert.NotEqual("", person.Reference);
        }
        using var sixth = site.Complain();
        await (await sixth.FillAsync(("domain", PortalSite.NewName), ("email", "FLOODED@mail.example"))).SendAsync("");

        Assert.StartsWith("This address got several mails", sixth.Error, StringComparison.Ordinal);
        Assert.Equal(5, await site.Database.ScalarAsync<long>("select count(*) from complaint.notice join complaint.person using (reference) where lower(email) = 'flooded@mail.example'"));
        // With the work done it counts, and leaves no sixth mail.
        await sixth.SendAsync();
        Assert.NotEqual("", sixth.Reference);
        Assert.Equal(5, await site.Database.ScalarAsync<long>("select count(*) from complaint.notice join complaint.person using (reference) where lower(email) = 'flooded@mail.example'"));
    }

    [Fact]
    public async Task All_networks_together_cause_so_many_links_and_who_waits_keeps_everything_or_lets_the_browser_work()
    {
        // Shares begin anew with each minute: not in the middle of this.
        site.Clock.Offset += TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(site.Clock.GetUtcNow().Ticks % TimeSpan.TicksPerMinute);
        await using var app = await site.StartAsync(("Portal:LinksPerMinute", "2"));
        for (var i = 0; i < 2; i++)
        {
            using var person = site.Complain(app: app);
            await (await person.FillAsync(("domain", PortalSite.NewName), ("email", $"link{i}@mail.example"))).SendAsync("");
            Assert.NotEqual("", person.Reference);
        }
        using var third = site.Complain(app: app);
        await (await third.FillAsync(("domain", PortalSite.NewName), ("email", "link3@mail.example"))).SendAsync("");

        Assert.Equal(HttpStatusCode.TooManyRequests, third.Page.Status);
        Assert.InRange(third.Page.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.StartsWith("Many people are waiting for mails", third.Error, StringComparison.Ordinal);
        Assert.Equal(0, await site.Database.ScalarAsync<long>("select count(*) from complaint.person where email = 'link3@mail.example'"));
        // The work needs no mail.
        await third.SendAsync();
        Assert.NotEqual("", third.Reference);
    }

    [Fact]
    public async Task Work_of_another_draft_or_of_yesterday_counts_for_nothing()
    {
        using var one = site.Complain();
        using var other = site.Complain();
        await one.FillAsync(("domain", PortalSite.NewName));
        await other.FillAsync(("domain", PortalSite.NewName));
        var number = one.Work();
        // Eight bits: by chance one number in 256 fits both.
        await other.SendAsync(number == other.Work() ? "999999999999999" : number);
        Assert.True(other.Step == "email" || other.Reference != "");

        site.Clock.Offset += TimeSpan.FromHours(3);
        try
        {
            await one.SendAsync(number);
        }
        finally
        {
            site.Clock.Offset -= TimeSpan.FromHours(3);
        }
        Assert.Equal("email", one.Step);
    }

    [Fact]
    public async Task Network_that_sends_too_much_is_asked_to_wait_with_everything_still_there()
    {
        // Shares begin anew with each minute and hour: not in the middle of this.
        site.Clock.Offset += TimeSpan.FromHours(1) - TimeSpan.FromTicks(site.Clock.GetUtcNow().Ticks % TimeSpan.TicksPerHour);
        await using var app = await site.StartAsync(("Portal:PostsPerMinute", "7"), ("Portal:ComplaintsPerHour", "1"), ("Access:AddressHeader", "X-Forwarded-For"));
        using var person = site.Complain(app: app);
        await person.FillAsync(("domain", PortalSite.NewName));
        await person.SendAsync();
        Assert.NotEqual("", person.Reference);

        using var second = site.Complain(app: app);
        await second.BeginAsync();
        await second.AnswerAsync("owner");
        await second.AnswerAsync("never");

        Assert.Equal(HttpStatusCode.TooManyRequests, second.Page.Status);
        Assert.NotNull(second.Page.Headers.RetryAfter);
        Assert.Equal("never", second.Page.Document.QuerySelector("input[name=kind]:checked")?.GetAttribute("value"));
        // Another /64 has its own share; the same one has not.
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostFromAsync(app, "127.0.0.1"));
        for (var i = 0; i < 7; i++) Assert.Equal(HttpStatusCode.OK, await PostFromAsync(app, $"2001:db8:1:1::{i}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostFromAsync(app, "2001:db8:1:1:ffff::1"));
        Assert.Equal(HttpStatusCode.OK, await PostFromAsync(app, "2001:db8:1:2::1"));
    }

    private async Task<HttpStatusCode> PostFromAsync(WebApplication app, string address)
    {
        using var browser = site.Open(app);
        var form = await browser.GetAsync("/en/complain");
        var request = browser.Ours(new HttpRequestMessage(HttpMethod.Post, "/en/complain") { Content = Browser.Encode([("draft", form.Document.QuerySelector("input[name=draft]")!.GetAttribute("value")!), ("at", "party"), ("party", "owner")]) });
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
        return (await browser.SendAsync(request)).Status;
    }

    private async Task<string?> StateAsync(string reference) => await site.Database.ScalarAsync<string>("select state from complaint.complaint where reference = $1", reference);
}
