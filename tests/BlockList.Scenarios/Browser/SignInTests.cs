using Microsoft.Playwright;
using Xunit;

namespace BlockList.Scenarios.Browser;

public sealed class SignInTests(Installation installation, Chromium chromium)
{
    [Fact]
    public async Task Demo_person_signs_in_by_a_click_in_a_development_build()
    {
        await using var person = await chromium.NewPersonAsync(installation.Deployment.CurationAddress);
        var page = await person.NewPageAsync();
        await page.GotoAsync("/development/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "anna" }).ClickAsync();
        Assert.DoesNotContain("/sign-in", page.Url, StringComparison.Ordinal);
    }
}
