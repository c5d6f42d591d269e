using System.Security.Cryptography;
using System.Text;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Distribution.Coverage;

/// <summary>The style sheet of the provider's own page, the same that the agencies' pages have, inside the page: this role serves no other file.</summary>
internal static class SelfStyle
{
    public static readonly string Text = StaticFiles.TextOf("app.css");

    /// <summary>What a browser compares with the page before it goes by it (CSP level 3, section 2.3).</summary>
    public static readonly string Source = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}";
}
