using System.Net;
using BlockList.Server.Http.Pages;
using BlockList.Server.Tests.Web;
using Xunit;

namespace BlockList.Server.Tests.Access;

/// <summary>Steps that tests of this folder share, each through the pages.</summary>
internal static class AccessSteps
{
    /// <summary>An administrator makes an invitation and reads its link.</summary>
    public static async Task<string> InviteAsync(this CurationSite site, string inviter, string person)
    {
        using var browser = await site.SignInAsync(inviter);
        var page = (await browser.PostAsync($"/people/{person}/invite")).Expect(HttpStatusCode.OK);
        return page.Document.QuerySelector("#link")!.GetAttribute("value")!;
    }

    /// <summary>A person of an agency who has just made their first passkey by an invitation, and a browser in which they are signed in.</summary>
    public static async Task<(Browser Browser, Authenticator Key)> ArriveAsync(this CurationSite site, string id, string agency = "no-police", string role = "curator", string inviter = "astrid")
    {
        await site.AddPersonAsync(id, agency, role);
        var (browser, key) = (site.Open(), new Authenticator());
        var accepted = await Ceremony.AcceptAsync(browser, key, await site.InviteAsync(inviter, id));
        Assert.Equal("/account?done=welcome", accepted.Expect(HttpStatusCode.OK).Json.GetProperty("location").GetString());
        browser.FormToken = FormTokens.Of(browser.Cookies[FormTokens.SessionCookie]);
        return (browser, key);
    }

    public static void Renew(this Browser browser) => browser.FormToken = FormTokens.Of(browser.Cookies[FormTokens.SessionCookie]);

    /// <summary>Whether the browser's session still opens pages.</summary>
    public static async Task<bool> IsSignedInAsync(this Browser browser) => (await browser.GetOnceAsync("/account")).Status == HttpStatusCode.OK;

    /// <summary>Details of the audit rows about a subject, newest first, as text.</summary>
    public static async Task<IReadOnlyList<string>> AuditAsync(this CurationSite site, string action, string? subject = null)
    {
        await using var command = site.Database.Superuser.CreateCommand("select actor || ' ' || subject || ' ' || detail::text from oversight.audit where action = $1 and subject = coalesce($2, subject) order by id desc");
        command.Parameters.AddWithValue(action);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = (object?)subject ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(reader.GetString(0));
        return rows;
    }
}
