using System.Net;
using Xunit;

namespace BlockList.Server.Tests.Web;

public sealed class CurationSiteTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Demo_person_signs_in_and_out()
    {
        using var browser = await site.SignInAsync("anna");
        (await browser.PostOnceAsync("/sign-out")).Expect(HttpStatusCode.Redirect);

        Assert.Equal("/sign-in?to=%2F", (await browser.GetOnceAsync("/")).Expect(HttpStatusCode.Redirect).Location);
    }
}
