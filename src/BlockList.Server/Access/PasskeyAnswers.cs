using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Access;

/// <summary>What the passkey script is answered.</summary>
internal static class PasskeyAnswers
{
    /// <summary>The options are JSON as the passkey handler wrote it.</summary>
    public static IResult Begun((string Ceremony, string Options) begun) =>
        Results.Content($"{{\"ceremony\":{JsonSerializer.Serialize(begun.Ceremony)},\"options\":{begun.Options}}}", MediaTypeNames.Application.Json);

    public static IResult GoTo(string path) => Results.Content(new JsonObject { ["location"] = path }.ToJsonString(), MediaTypeNames.Application.Json);

    public static Refusal TooLate => new(StatusCodes.Status403Forbidden, new RefusedModel("That took longer than five minutes, or was sent twice", "Nothing was done. Press the button again."));

    public static Refusal Unfit => new(StatusCodes.Status403Forbidden, new RefusedModel("This device's answer cannot be taken",
        "Nothing was stored. The passkey must be made at this address, on a device that checks that it is you by PIN, finger or face, and must not be registered already. Try again, or use another device."));

    /// <summary>Signs the browser in, in place of whoever was.</summary>
    public static void SetSession(HttpContext context, string secret) => context.Response.Cookies.Append(FormTokens.SessionCookie, secret, FormTokens.CookieOptions);
}
