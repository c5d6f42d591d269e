namespace BlockList.Server.Access;

/// <summary>What a browser says of itself, in the two words that let a person know it again.</summary>
internal static class UserAgentText
{
    /// <summary>Order matters: each names the ones after it too.</summary>
    private static readonly (string Sign, string Word)[] Browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    private static readonly (string Sign, string Word)[] Systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(string userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) => $"A browser on {system}",
        _ => "Another program",
    };

    private static string? Find((string Sign, string Word)[] table, string userAgent) => table.FirstOrDefault(row => userAgent.Contains(row.Sign, StringComparison.Ordinal)).Word;
}
