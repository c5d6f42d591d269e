using BlockList.Server.Tests.Web;

namespace BlockList.Server.Tests.Access;

/// <summary>What passkeys.js does: asks for options, lets the authenticator answer, sends the answer with the form's fields.</summary>
internal static class Ceremony
{
    public static async Task<Page> RunAsync(Browser browser, Authenticator key, string begin, string finish, params (string Name, string Value)[] fields)
    {
        var begun = await PostAsync(browser, begin, fields);
        return begun.ContentType == "application/json" ? await FinishAsync(browser, key, begun, finish, fields) : begun;
    }

    public static Task<Page> FinishAsync(Browser browser, Authenticator key, Page begun, string finish, params (string Name, string Value)[] fields) =>
        PostAsync(browser, finish, [.. fields, ("ceremony", begun.Json.GetProperty("ceremony").GetString()!), ("credential", Answer(browser, key, begun))]);

    public static string Answer(Browser browser, Authenticator key, Page begun)
    {
        var options = begun.Json.GetProperty("options");
        return options.TryGetProperty("rp", out _) ? key.Create(options, browser.Origin) : key.Get(options, browser.Origin);
    }

    public static Task<Page> PostAsync(Browser browser, string path, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Browser.Encode(fields.Prepend(("form-token", browser.FormToken ?? ""))) };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, application/problem+json");
        return browser.SendAsync(browser.Ours(request));
    }

    public static async Task<Page> SignInAsync(Browser browser, Authenticator key, params (string Name, string Value)[] fields)
    {
        if (browser.FormToken is null) await browser.GetAsync("/sign-in");
        return await RunAsync(browser, key, "/sign-in/begin", "/sign-in/finish", fields);
    }

    /// <summary>Opens an invitation's link and makes the passkey it is for.</summary>
    public static async Task<Page> AcceptAsync(Browser browser, Authenticator key, string link, params (string Name, string Value)[] fields)
    {
        var path = new Uri(link).AbsolutePath;
        var shown = await browser.GetAsync(path);
        return (int)shown.Status == 200 ? await RunAsync(browser, key, path + "/begin", path + "/finish", fields) : shown;
    }
}
