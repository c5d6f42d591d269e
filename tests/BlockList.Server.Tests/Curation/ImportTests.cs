using System.Globalization;
using System.Text;
using BlockList.Format;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using BlockList.Server.Tests.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Curation;

/// <summary>What an import file may say, what its author is told of all that is wrong with it, and what is stored.</summary>
public sealed class ImportTests(PublishingWorld world) : IClassFixture<PublishingWorld>
{
    private const string Header = "domain,scope,sighted_at,c1,c2,c3,reference,note";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Seen => world.Now.AddDays(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_bad_value_of_every_row_is_reported_at_once_and_nothing_is_loaded()
    {
        var good = world.NewName();
        var before = await CountRowsAsync();
        var errors = await RefusedAsync(
            Header,
            $"{good},domain,{Seen},met,met,met,ICCAM:1,a note",
            $"https://bad.example/x,domain,{Seen},met,met,met,,",
            $"co.uk,domain,{Seen},met,met,met,,",
            $"{world.NewName()},subdomains,{Seen},met,met,met,,",
            $"{world.NewName()},host,yesterday,met,met,met,,",
            $"{world.NewName()},host,{world.Now.AddDays(2).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},met,met,met,,",
            $"{world.NewName()},host,2020-01-01T00:00:00Z,met,met,met,,",
            $"{world.NewName()},host,{Seen},yes,not met,Unknown,,",
            $"{world.NewName()},host,{Seen},met,met,met,ICCAM 5,",
            $"{world.NewName()},host,{Seen},met,met,met,URL:https://bad.example,",
            $"{world.NewName()},host,{Seen},met,met,met,,{new string('x', 2001)}",
            $"{world.NewName()},host,{Seen},met,met,met,,one,two",
            $"{world.NewName()},host,{Seen},met,met",
            $"{good.ToUpperInvariant()},domain,{Seen},met,met,met,,",
            $"{world.NewName()},host,{Seen},met,met,met,,\"a\"b",
            "nonsense,nonsense,nonsense,nonsense,nonsense,nonsense,nonsense,");

        Assert.Equal(
        [
            (3, "domain"), (4, "domain"), (5, "scope"), (6, "sighted_at"), (7, "sighted_at"), (8, "sighted_at"), (9, "c1"), (9, "c2"), (9, "c3"), (10, "reference"), (11, "reference"),
            (12, "note"), (13, ""), (14, ""), (15, "domain"), (16, ""),
            (17, "c1"), (17, "c2"), (17, "c3"), (17, "domain"), (17, "reference"), (17, "scope"), (17, "sighted_at"),
        ], errors.Select(e => (e.Line, e.Column)).OrderBy(e => e.Line).ThenBy(e => e.Column, StringComparer.Ordinal));
        Assert.All(errors, e => Assert.True(e.Reason.Length > 0 && e.Fix.Length > 0, $"line {e.Line} {e.Column}"));
        Assert.Contains(errors, e => e is { Line: 4, Value: "co.uk" } && e.Reason.Contains("public suffix", StringComparison.Ordinal));
        Assert.Contains(errors, e => e is { Line: 9, Column: "c2", Value: "not met" });
        Assert.Contains(errors, e => e.Line == 15 && e.Reason.Contains("Line 2", StringComparison.Ordinal));
        Assert.Equal(before, await CountRowsAsync());
    }

    [Theory]
    [InlineData("domain,scope,sighted_at,c1,c2,c3,reference,notes", "note", "notes")]
    [InlineData("domain,scope,sighted_at,c1,c2,reference,note", "c3", "missing")]
    [InlineData("domain,scope,sighted_at,c1,c2,c3,reference,note,extra", "extra", "not known")]
    [InlineData("domain,scope,sighted_at,c1,c2,c3,reference,note,note", "twice", "twice")]
    [InlineData("Domain,scope,sighted_at,c1,c2,c3,reference,note", "Domain", "domain")]
    [InlineData("domain;scope;sighted_at;c1;c2;c3;reference;note", "missing", "not known")]
    public async Task Header_that_is_not_the_one_is_refused_with_what_differs(string header, params string[] named)
    {
        var error = Assert.Single(await RefusedAsync(header, $"{world.NewName()},domain,{Seen},met,met,met,,"));
        Assert.Equal(1, error.Line);
        Assert.All(named, n => Assert.Contains(n, error.Reason, StringComparison.Ordinal));
        Assert.Contains(Header, error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_may_stand_in_another_order()
    {
        var name = world.NewName();
        Assert.Equal(1, (await StagedAsync("note,reference,c3,c2,c1,sighted_at,scope,domain", $"a note,CASE:7,met,met,met,{Seen},host,{name}")).Proposals);
        Assert.Equal("host CASE 7 a note", await world.Database.ScalarAsync<string>("select concat_ws(' ', scope, reference_type, reference_number, note) from curation.draft where name = $1", name));
    }

    [Fact]
    public async Task Byte_order_mark_and_windows_line_ends_are_no_part_of_the_first_and_last_column()
    {
        var name = world.NewName();
        var staged = Assert.IsType<StageOutcome.Staged>(await RunAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"{Header}\r\n{name},domain,{Seen},met,met,met,,kept\r\n")]));
        Assert.Equal(1, staged.Proposals);
        Assert.Equal("kept", await world.Database.ScalarAsync<string>("select note from curation.draft where name = $1", name));
    }

    [Fact]
    public async Task Line_numbers_count_the_lines_inside_quoted_notes_and_empty_ones()
    {
        var errors = await RefusedAsync(Header, $"{world.NewName()},domain,{Seen},met,met,met,,\"one", "two, \"\"three\"\"", "four\"", "", $"{world.NewName()},domain,{Seen},met,maybe,met,,");
        var error = Assert.Single(errors);
        Assert.Equal((6, "c2", "maybe"), (error.Line, error.Column, error.Value));
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("\u0007")]
    [InlineData("\u001b[2J")]
    public async Task Note_with_a_control_character_is_reported_and_not_a_failure(string text)
    {
        var error = Assert.Single(await RefusedAsync(Header, $"{world.NewName()},domain,{Seen},met,met,met,,seen{text}twice"));
        Assert.Equal((2, "note"), (error.Line, error.Column));
        Assert.DoesNotContain(text[0], error.Value);
    }

    [Fact]
    public void Reference_with_a_line_end_is_refused()
    {
        var error = Assert.Single(ImportFileErrors($"{world.NewName()},domain,{Seen},met,met,met,\"ICCAM:1\n-\",\n"));
        Assert.Equal("reference", error.Column);
        Assert.False(Reference.TryParse("ICCAM:1\n", out _, out _));
    }

    [Fact]
    public async Task File_that_is_no_text_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes($"{Header}\n{world.NewName()},domain,{Seen},met,met,met,,x\n");
        bytes[^2] = 0xFF;
        Assert.Contains("UTF-8", Assert.Single(Assert.IsType<StageOutcome.Refused>(await RunAsync(bytes)).Errors).Reason, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Single(Assert.IsType<StageOutcome.Refused>(await RunAsync([])).Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_with_a_header_only_stages_nothing()
    {
        var before = await CountRowsAsync();
        var staged = await StagedAsync(Header);
        Assert.Equal((null, 0, 0, 0), (staged.Import, staged.Proposals, staged.Reviews, staged.Skipped));
        Assert.Equal(before, await CountRowsAsync());
    }

    [Fact]
    public async Task Name_in_its_own_script_becomes_its_a_label_and_meets_its_other_spelling()
    {
        Assert.Equal(1, (await StagedAsync(Header, $"bücher-{world.NewName()},domain,{Seen},met,met,met,,")).Proposals);
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("select count(*) from curation.draft where name like 'xn--bcher-%'"));
        var name = world.NewName();
        var error = Assert.Single(await RefusedAsync(Header, $"bücher.{name},domain,{Seen},met,met,met,,", $"xn--bcher-kva.{name},domain,{Seen},met,met,met,,"));
        Assert.Equal((3, "domain"), (error.Line, error.Column));
    }

    [Fact]
    public async Task Same_name_as_host_and_as_domain_is_two_entries()
    {
        var name = world.NewName();
        Assert.Equal(2, (await StagedAsync(Header, $"{name},domain,{Seen},met,met,met,,", $"{name},host,{Seen},met,met,met,,")).Proposals);
    }

    [Fact]
    public async Task Name_that_another_agency_proposed_becomes_a_review_task_and_never_a_vote()
    {
        var (known, fresh) = (world.NewName(), world.NewName());
        await world.ProposeAsync("bram", known);
        var staged = await StagedAsync(Header, $"{known},domain,{Seen},met,met,met,,", $"{fresh},domain,{Seen},met,met,met,,");
        Assert.Equal((1, 1, 0), (staged.Proposals, staged.Reviews, staged.Skipped));
        Assert.True(await world.Database.ScalarAsync<bool>("select is_review from curation.draft where import_id = $1 and name = $2", staged.Import!.Value, known));
        var prepared = await world.Curation.GetRequiredService<PrepareDecisions>().ForImportAsync(staged.Import.Value, world.CredentialOf("anna"), Ct);
        Assert.Equal(fresh, Assert.Single(prepared).Statement.Name.Name.Ascii);
    }

    [Fact]
    public async Task Name_of_another_scope_is_no_review_of_the_one_that_is_known()
    {
        var known = world.NewName();
        await world.ProposeAsync("bram", known);
        Assert.Equal((1, 0), (await StagedAsync(Header, $"{known},host,{Seen},met,met,met,,")) is { } staged ? (staged.Proposals, staged.Reviews) : default);
    }

    [Fact]
    public async Task Name_that_the_own_agency_assessed_is_refused_or_left_aside_where_asked()
    {
        var (known, fresh) = (world.NewName(), world.NewName());
        await world.ProposeAsync("dirk", known);
        string[] file = [Header, $"{known},domain,{Seen},met,met,met,,", $"{fresh},domain,{Seen},met,met,met,,"];
        var before = await CountRowsAsync();
        var error = Assert.Single(await RefusedAsync(file));
        Assert.Equal((2, "domain", known), (error.Line, error.Column, error.Value));
        Assert.Equal(before, await CountRowsAsync());
        var staged = Assert.IsType<StageOutcome.Staged>(await RunAsync(Bytes(file), skipKnown: true));
        Assert.Equal((1, 0, 1), (staged.Proposals, staged.Reviews, staged.Skipped));
        Assert.Equal(fresh, await world.Database.ScalarAsync<string>("select string_agg(name, ' ') from curation.draft where import_id = $1", staged.Import!.Value));
    }

    [Fact]
    public async Task Dry_run_reports_what_the_import_reports_and_writes_nothing()
    {
        var (known, fresh) = (world.NewName(), world.NewName());
        await world.ProposeAsync("bram", known);
        var file = Bytes(Header, $"{known},domain,{Seen},met,met,met,,", $"{fresh},domain,{Seen},met,met,met,,");
        var bad = Bytes(Header, $"{fresh},domain,{Seen},met,perhaps,met,,");
        var before = await CountRowsAsync();
        var dry = Assert.IsType<StageOutcome.Staged>(await RunAsync(file, dryRun: true));
        var dryErrors = Assert.IsType<StageOutcome.Refused>(await RunAsync(bad, dryRun: true)).Errors;
        Assert.Equal(before, await CountRowsAsync());
        var staged = Assert.IsType<StageOutcome.Staged>(await RunAsync(file));
        Assert.Equal(dry, staged with { Import = null });
        Assert.Equal(dryErrors, Assert.IsType<StageOutcome.Refused>(await RunAsync(bad)).Errors);
    }

    [Fact]
    public async Task Import_leaves_an_audit_row_with_its_counts_and_hash_and_no_name()
    {
        var name = world.NewName();
        var file = Bytes(Header, $"{name},domain,{Seen},met,met,met,,", $"{world.NewName()},domain,{Seen},met,met,met,,");
        var staged = Assert.IsType<StageOutcome.Staged>(await RunAsync(file));
        Assert.Equal(1L, await world.Database.ScalarAsync<long>("""
            select count(*) from oversight.audit where action = 'import.stage' and actor = 'anna' and login = 'blocklist_curation' and subject = $1
              and detail = jsonb_build_object('list', 'worst-of', 'rows', 2, 'file_sha256', $2::text)
            """, staged.Import!.Value.ToString(), Hashes.Sha256(file)));
        Assert.Equal(Hashes.Sha256(file), await world.Database.ScalarAsync<string>("select file_sha256 from curation.import where id = $1 and rows = 2 and submitted_at is null", staged.Import.Value));
        Assert.Equal(0L, await world.Database.ScalarAsync<long>("select count(*) from oversight.audit where strpos(audit::text, $1) > 0", name));
    }

    private IReadOnlyList<ImportError> ImportFileErrors(string rows) =>
        ImportFile.Read(Encoding.UTF8.GetBytes($"{Header}\n{rows}"), ["c1", "c2", "c3"], new NameGuard(PublicSuffixes.BuiltIn, NeverBlockRegister.Empty), world.Now, 3).Errors;

    private static byte[] Bytes(params string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    private Task<StageOutcome> RunAsync(byte[] file, bool dryRun = false, bool skipKnown = false) =>
        world.Curation.GetRequiredService<StageImport>().RunAsync(file, "names.csv", DevelopmentKeys.WorstOf, "anna", dryRun, skipKnown, null, Ct);

    private async Task<StageOutcome.Staged> StagedAsync(params string[] lines) => Assert.IsType<StageOutcome.Staged>(await RunAsync(Bytes(lines)));

    private async Task<IReadOnlyList<ImportError>> RefusedAsync(params string[] lines) => Assert.IsType<StageOutcome.Refused>(await RunAsync(Bytes(lines))).Errors;

    /// <summary>Everything that an import could write.</summary>
    private Task<string?> CountRowsAsync() => world.Database.ScalarAsync<string>("""
        select concat_ws(' ', (select count(*) from curation.import), (select count(*) from curation.draft), (select count(*) from curation.episode), (select count(*) from curation.decision),
          (select count(*) from oversight.audit))
        """);
}
