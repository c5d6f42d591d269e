using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlockList.Server.Http.Pages;

/// <summary>
/// The token that a form must carry: a function of the cookie it was made under. Another site can make a browser send
/// the cookie, and cannot read it; nothing has to be stored, and every copy of the role computes the same.
/// </summary>
internal static class FormTokens
{
    public const string Field = "form-token";
    public const string SessionCookie = "__Host-blocklist";

    /// <summary>Of people who are not signed in yet.</summary>
    public const string VisitorCookie = "__Host-blocklist-visitor";

    public static CookieOptions CookieOptions => new() { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true };

    public static string Of(string cookie) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookie), "blocklist-form/1"u8));

    /// <summary>The cookie of a visitor, made now if there is none.</summary>
    public static string OfVisitor(HttpContext context)
    {
        if (context.Request.Cookies[VisitorCookie] is { Length: 43 } known) return Of(known);
        var cookie = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        context.Response.Cookies.Append(VisitorCookie, cookie, CookieOptions);
        return Of(cookie);
    }

    public static bool AreEqual(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
