using System.Globalization;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Tests.Publishing;
using BlockList.Tools.Deployments;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Cases;

/// <summary>People who complain, under the portal's login, and officers, under curation's, in a publishing world.</summary>
internal sealed class CaseDesk(PublishingWorld world) : IAsyncDisposable
{
    private readonly NpgsqlDataSource portal = NpgsqlDataSource.Create(world.Database.Portal);
    private readonly NpgsqlDataSource worker = NpgsqlDataSource.Create(world.Database.Worker);
    private int complaints;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Complains, and returns the reference.</summary>
    public async Task<string> ComplainAsync(string domain, string party = "owner", string kind = "never", string? email = null, string text = "We sell bicycles.", string language = "en", bool isRegistrable = true)
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"BL-{Interlocked.Increment(ref complaints):D10}");
        Assert.Equal("received", await PortalAsync<string>("select complaint.submit($1, sha256(convert_to($1, 'UTF8')), $2, $3, $4, $5, $6, null, $7, $8, null, null)", reference, party, kind, domain, isRegistrable, language, text, (object?)email ?? DBNull.Value));
        // Published times have whole seconds: what leaves within the second would seem to have left before.
        await world.Database.ExecuteAsync("update complaint.complaint set received_at = received_at - interval '1 minute' where reference = $1", reference);
        return reference;
    }

    /// <summary>As the checker does when it finds the record.</summary>
    public Task ProveAsync(string reference) => world.Database.ExecuteAsync("update complaint.complaint set proof_state = 'proven', proof_method = 'txt', proof_at = now() where reference = $1", reference);

    public Task<string?> AnswerAsync(string reference, string text) => PortalAsync<string>("select complaint.answer($1, sha256(convert_to($1, 'UTF8')), $2)", reference, text);

    public Task<string?> AppealAsync(string reference, string text = "You did not look at it.") => PortalAsync<string>("select complaint.appeal($1, sha256(convert_to($1, 'UTF8')), $2)", reference, text);

    /// <summary>What whoever complained reads: kinds of steps, with outcome and text where there is one.</summary>
    public async Task<string[]> ProgressAsync(string reference)
    {
        await using var command = portal.CreateCommand("select kind || coalesce(' ' || (detail ->> 'outcome'), '') || coalesce(': ' || text, '') from complaint.progress($1, sha256(convert_to($1, 'UTF8')))");
        command.Parameters.AddWithValue(reference);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var steps = new List<string>();
        while (await reader.ReadAsync(Ct)) steps.Add(reader.GetString(0));
        return [.. steps];
    }

    /// <summary><c>list serial applied/providers</c> of the versions that entries left with.</summary>
    public Task<string?> AppliedAsync(string reference) => PortalAsync<string>("""
        with told as (select array_agg(list) as lists, array_agg(removed_serial) as serials from complaint.disclose($1, sha256(convert_to($1, 'UTF8'))) where removed_serial is not null)
        select string_agg(a.list || ' ' || a.serial || ' ' || a.applied || '/' || a.providers, ', ') from told, complaint.applied($1, sha256(convert_to($1, 'UTF8')), told.lists, told.serials) a
        """, reference);

    public async Task<CaseOutcome> TriageAsync(string person, string reference, params string[] suspend) =>
        await world.Curation.GetRequiredService<TriageCase>().RunAsync(CastSigner.ViewerOf(world.Cast[person]), reference, await IsNewAsync(reference), await EpisodesAsync(suspend), "c2", "looked at the complaint", Ct);

    public async Task<CaseOutcome> DecideAsync(string person, string reference, string outcome, params string[] names) =>
        await world.Curation.GetRequiredService<DecideCase>().RunAsync(CastSigner.ViewerOf(world.Cast[person]), reference, await EpisodesAsync(names), outcome, "c2", $"because of what was found: {outcome}", Ct);

    public async Task<CaseOutcome> ResumeAsync(string person, string reference, params string[] names) =>
        await world.Curation.GetRequiredService<ResumeCase>().RunAsync(CastSigner.ViewerOf(world.Cast[person]), reference, await EpisodesAsync(names), "nobody innocent", Ct);

    public WriteOnCase Write => world.Curation.GetRequiredService<WriteOnCase>();

    public Server.Access.Viewer Viewer(string person) => CastSigner.ViewerOf(world.Cast[person]);

    public Task<string?> StageAsync(string reference) => world.Database.ScalarAsync<string>("select stage || case when suspended then ' suspended' else '' end from complaint.dossier where reference = $1", reference);

    /// <summary>What the worker does every few seconds.</summary>
    public async Task<int> FollowAsync(params string[] overdueTo) =>
        await new FollowCases(worker, Microsoft.Extensions.Options.Options.Create(new CaseOptions { OverdueTo = overdueTo })).RunAsync(Ct);

    /// <summary>Templates of the mails that were written for a complaint, in order.</summary>
    public Task<string?> MailsAsync(string reference) => world.Database.ScalarAsync<string>("select string_agg(template, ' ' order by id) from mail.message where reference = $1", reference);

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await worker.DisposeAsync();
    }

    public static void Done(CaseOutcome outcome) => Assert.True(outcome is CaseOutcome.Done, (outcome as CaseOutcome.Refused)?.Because);

    public static string Refused(CaseOutcome outcome) => Assert.IsType<CaseOutcome.Refused>(outcome).Because;

    private async Task<List<Guid>> EpisodesAsync(string[] names)
    {
        var episodes = new List<Guid>();
        foreach (var name in names) episodes.Add(await world.Database.ScalarAsync<Guid>("select id from curation.episode where name = $1 and list = $2 and is_current", name, DevelopmentKeys.WorstOf));
        return episodes;
    }

    private Task<bool> IsNewAsync(string reference) => world.Database.ScalarAsync<bool>("select stage = 'new' from complaint.dossier where reference = $1", reference);

    private async Task<T?> PortalAsync<T>(string sql, params object[] parameters)
    {
        await using var command = portal.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            if (parameter is DBNull) command.Parameters.Add(new NpgsqlParameter { Value = parameter, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            else command.Parameters.AddWithValue(parameter);
        }
        return await command.ExecuteScalarAsync(Ct) is T value ? value : default;
    }
}
