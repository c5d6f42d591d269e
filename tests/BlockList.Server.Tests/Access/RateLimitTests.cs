using System.Net;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Access;

public sealed class RateLimitTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Too_many_attempts_of_one_network_are_told_when_to_try_again_and_others_are_not_held_up()
    {
        await using var app = await site.StartAsync(("Access:AttemptsPerMinute", "6"), ("Access:AddressHeader", "X-Forwarded-For"));
        using var greedy = site.Open(app);
        await greedy.GetAsync("/sign-in");
        for (var i = 0; i < 6; i++) (await BeginAsync(greedy, "evil, 2001:db8:1:2::" + i)).Expect(HttpStatusCode.OK);

        var refused = await BeginAsync(greedy, "2001:db8:1:2:ffff::1");

        Assert.Equal("rate-limited", refused.Expect(HttpStatusCode.TooManyRequests).Json.GetProperty("type").GetString()!.Split(':')[^1]);
        Assert.Matches("Try again after [0-9]{2}:[0-9]{2}:[0-9]{2} UTC", refused.Json.GetProperty("detail").GetString());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        (await BeginAsync(greedy, "2001:db8:1:3::1")).Expect(HttpStatusCode.OK);
        (await BeginAsync(greedy, "192.0.2.1")).Expect(HttpStatusCode.OK);
        Assert.Equal("Too many attempts to sign in", (await greedy.GetOnceAsync("/invitation/x", ("X-Forwarded-For", "2001:db8:1:2::9"))).Expect(HttpStatusCode.TooManyRequests).Heading);
        (await greedy.GetOnceAsync("/sign-in", ("X-Forwarded-For", "2001:db8:1:2::9"))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Address_that_a_visitor_claims_is_not_believed_where_no_proxy_is_set()
    {
        await using var app = await site.StartAsync(("Access:AttemptsPerMinute", "4"));
        using var visitor = site.Open(app);
        await visitor.GetAsync("/sign-in");
        for (var i = 0; i < 4; i++) (await BeginAsync(visitor, "192.0.2." + i)).Expect(HttpStatusCode.OK);

        (await BeginAsync(visitor, "192.0.2.77")).Expect(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Attempts_from_everywhere_together_have_a_limit_too()
    {
        await using var app = await site.StartAsync(("Access:AllAttemptsPerMinute", "5"), ("Access:AddressHeader", "X-Forwarded-For"));
        using var visitor = site.Open(app);
        await visitor.GetAsync("/sign-in");
        for (var i = 0; i < 5; i++) (await BeginAsync(visitor, "192.0.2." + i)).Expect(HttpStatusCode.OK);

        (await BeginAsync(visitor, "192.0.2.77")).Expect(HttpStatusCode.TooManyRequests);
        (await visitor.GetOnceAsync("/development/sign-in")).Expect(HttpStatusCode.OK);
    }

    private static Task<Page> BeginAsync(Browser browser, string from)
    {
        var request = browser.Ours(new HttpRequestMessage(HttpMethod.Post, "/sign-in/begin") { Content = Browser.Encode([("form-token", browser.FormToken!)]) });
        request.Headers.TryAddWithoutValidation("Accept", "application/problem+json");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", from);
        return browser.SendAsync(request);
    }
}
