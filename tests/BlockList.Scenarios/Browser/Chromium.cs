using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(BlockList.Scenarios.Browser.Chromium))]

namespace BlockList.Scenarios.Browser;

/// <summary>Debian's Chromium, started once for all tests; each person has a context of their own, as on a machine of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";
    private IPlaywright? playwright;
    private IBrowser? browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A person's browser: no cookies, no passkeys.</summary>
    internal async Task<IBrowserContext> NewPersonAsync(string origin, ColorScheme scheme = ColorScheme.Light, int width = 1366, int height = 768, bool hasScript = true)
    {
        Prerequisite.Require(File.Exists(Program), "Chromium is not installed; tools/test installs it (Debian package chromium).");
        playwright ??= await Playwright.CreateAsync();
        browser ??= await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = origin,
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = "en-GB",
            JavaScriptEnabled = hasScript,
        });
    }

    /// <summary>Gives the page a security key with a fingerprint reader that always finds its owner.</summary>
    internal static async Task AddAuthenticatorAsync(IBrowserContext person, IPage page)
    {
        var session = await person.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
