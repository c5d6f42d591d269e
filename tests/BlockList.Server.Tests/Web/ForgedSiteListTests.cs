using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>Whoever writes past the application can spoil the list of sites that pages ask, and nothing else.</summary>
public sealed class ForgedSiteListTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public async Task Forged_import_takes_no_page_away()
    {
        using var olav = await site.SignInAsync("olav");
        using var anna = await site.SignInAsync("anna");
        await olav.SignSitesAsync(await olav.SendSitesAsync("1,good1.example\n2,good2.example\n"));
        byte[] garbage = [0, 1, 2, 0xFF];
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(garbage));
        await site.Database.ExecuteAsync("insert into names.file (sha256, content) values ($1, $2)", sha256, garbage);
        await site.Database.ExecuteAsync("""
            insert into names.decision (id, action, source, file_sha256, rows, left_out, agency, person, credential, sequence, previous_sha256, decided_at,
              statement, nonce, authenticator_data, client_data, signature)
            select gen_random_uuid(), action, source, $1, 1, 0, agency, person, credential, sequence + 1, statement_sha256, decided_at,
              statement, nonce, authenticator_data, client_data, signature
            from names.decision where action = 'import' order by position desc limit 1
            """, sha256);

        (await olav.GetAsync("/register")).Expect(HttpStatusCode.OK);
        (await anna.GetAsync("/propose")).Expect(HttpStatusCode.OK);
        Assert.Contains("Success: Clear: nothing stands against listing it", (await olav.AskAsync("good1.example")).Notices());
    }
}
