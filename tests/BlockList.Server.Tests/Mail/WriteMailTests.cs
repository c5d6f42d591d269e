using BlockList.Server.Mail;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Mail;

/// <summary>What may be written: nothing that could name a domain, turn a text around, or become another header.</summary>
public sealed class WriteMailTests(MailWorld world) : IClassFixture<MailWorld>
{
    private const string Path = """{"path":"/en/status"}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("receipt", """{"path":"/ar/status","until":"2026-08-14"}""")]
    [InlineData("receipt", Path)]
    [InlineData("confirm", """{"path":"/ar/confirm/BL-0123456789/0123456789abcdefABCDEF_-"}""")]
    [InlineData("overdue", "{}")]
    [InlineData("alarm", """{"kind":"ledger"}""")]
    public async Task What_a_template_takes_is_written(string template, string values) =>
        Assert.True(await world.WriteAsync("anna@people.example", template, values: values, reference: template == "alarm" ? null : MailWorld.Reference));

    [Theory]
    // Names, whole addresses, and what browsers make one of.
    [InlineData("decided", """{"path":"/en/innocent.example"}""")]
    [InlineData("decided", """{"path":"//evil"}""")]
    [InlineData("decided", """{"path":"https://evil.example/"}""")]
    [InlineData("decided", """{"path":"/en/status?domain=innocent"}""")]
    [InlineData("decided", """{"path":"/en/status@evil"}""")]
    [InlineData("decided", """{"path":"/en/\\evil"}""")]
    // No template but the one to confirm has room for a secret.
    [InlineData("receipt", """{"path":"/en/status/0123456789abcdef0123456789abcdef"}""")]
    [InlineData("confirm", """{"path":"/en/confirm/innocent.example"}""")]
    // What it does not take, lacks, or takes as text only.
    [InlineData("decided", """{"path":"/en/status","domain":"innocent.example"}""")]
    [InlineData("decided", """{"path":"/en/status","until":"2026-08-14"}""")]
    [InlineData("decided", "{}")]
    [InlineData("decided", """{"path":["/en/status"]}""")]
    [InlineData("decided", "[]")]
    [InlineData("decided", "null")]
    [InlineData("receipt", """{"path":"/en/status","until":"tomorrow"}""")]
    [InlineData("receipt", """{"path":"/en/status","until":"2026-02-30"}""")]
    [InlineData("overdue", Path)]
    [InlineData("alarm", """{"kind":"innocent.example"}""")]
    [InlineData("alarm", """{}""")]
    // Line breaks, directions.
    [InlineData("decided", """{"path":"/en/status\r\nBcc: all@people.example"}""")]
    [InlineData("decided", """{"path":"/en/\u202estatus"}""")]
    [InlineData("decided", """{"path":"/en/status\n"}""")]
    [InlineData("newsletter", Path)]
    public async Task Value_that_a_template_does_not_take_is_refused(string template, string values) =>
        await RefusedAsync(() => world.WriteAsync("anna@people.example", template, values: values, reference: template == "alarm" ? null : MailWorld.Reference));

    [Theory]
    [InlineData("BL-innocent.example")]
    [InlineData("BL-0123456789\r\nBcc: all@people.example")]
    [InlineData("BL-012345678O")]
    [InlineData("BL-0123456789\u202e")]
    [InlineData(null)]
    public async Task Reference_that_is_none_is_refused(string? reference) => await RefusedAsync(() => world.WriteAsync("anna@people.example", reference: reference));

    public static TheoryData<string> NoAddresses =>
    [
        "", "anna", "@people.example", "anna@", "anna@localhost", "anna@people..example", "anna@.example", "anna@-people.example", ".anna@people.example", "an..na@people.example", "anna.@people.example",
        "anna@people.example\r\nBcc: all@people.example", "anna\r\n@people.example", "anna\n@people.example", "anna@people.example,berit@people.example", "anna@people.example berit@people.example", "<anna@people.example>",
        "Anna <anna@people.example>", "\"an na\"@people.example", "anna(comment)@people.example", "anna@[127.0.0.1]", "anna@127.0.0.1", "anna@berit@people.example", "an\u202ena@people.example", "anna@peo\u202eple.example",
        "anna\0@people.example", "anna@people.example\0", "anna\t@people.example", "anna;@people.example", "anna:@people.example", "anna\\@people.example", "anná@people.example", "anna@people.example/x", new string('a', 65) + "@people.example",
        "a@" + string.Concat(Enumerable.Repeat(new string('b', 60) + ".", 5)) + "example",
    ];

    [Theory]
    [MemberData(nameof(NoAddresses))]
    public async Task Address_that_is_none_is_refused_by_the_code_and_by_the_database(string address)
    {
        Assert.False(Recipient.TryParse(address, out _));
        await RefusedAsync(() => world.WriteAsync(address));
    }

    [Theory]
    [InlineData(" Anna.O'Neil+tag@People.Example ", "Anna.O'Neil+tag@people.example")]
    [InlineData("a@b.example", "a@b.example")]
    [InlineData("anna@bücher.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@مثال.example", "anna@xn--mgbh0fb.example")]
    public async Task Address_that_is_one_is_taken_by_both(string typed, string address)
    {
        Assert.True(Recipient.TryParse(typed, out var recipient));
        Assert.Equal(address, recipient.Address);
        Assert.True(await world.WriteAsync(recipient.Address));
    }

    [Fact]
    public async Task Mail_is_written_with_what_it_tells_of_or_not_at_all_and_once_for_each_id()
    {
        Assert.True(Recipient.TryParse("anna@people.example", out var anna));
        var letter = new Letter(MailWorld.Reference, anna, "ar", MailTemplates.Overdue, new Dictionary<string, string>(), "overdue.BL-0123456789.triage");
        await using var connection = new NpgsqlConnection(world.Database.Curation);
        await connection.OpenAsync(Ct);
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            Assert.True(await WriteMail.RunAsync(connection, letter, Ct));
            await transaction.RollbackAsync(Ct);
        }
        Assert.True(await WriteMail.RunAsync(connection, letter, Ct));
        Assert.False(await WriteMail.RunAsync(connection, letter, Ct));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from mail.message where message_id = $1", letter.MessageId!));
        await RefusedAsync(() => WriteMail.RunAsync(connection, letter with { MessageId = "x\r\nBcc: y" }, Ct));
    }

    /// <summary>By a check, or as no date, no object or no text.</summary>
    private static async Task RefusedAsync(Func<Task> write)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(write);
        Assert.Matches("^(23514|22.*)$", refusal.SqlState);
    }
}
