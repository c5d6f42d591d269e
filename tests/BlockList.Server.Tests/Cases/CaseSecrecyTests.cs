using Xunit;
using static BlockList.Server.Tests.Cases.CaseDesk;

namespace BlockList.Server.Tests.Cases;

/// <summary>What a case tells nobody, and what it forgets.</summary>
public sealed class CaseSecrecyTests(PostgresFixture postgres) : CaseTests(postgres)
{
    /// <summary>Listed and unlisted names, decided at once or not: before proof the same answers, and the end of waiting at the same promised time.</summary>
    [Fact]
    public async Task Before_proof_nothing_tells_what_is_listed()
    {
        var listed = await Desk.ComplainAsync(Name, email: "one@mail.example");
        var unlisted = await Desk.ComplainAsync("unlisted.example", email: "two@mail.example");
        foreach (var step in new[] { "triage", "decide", "tell" })
        {
            if (step == "triage")
            {
                Done(await Desk.TriageAsync("carlo", listed, Name));
                Done(await Desk.TriageAsync("carlo", unlisted));
            }
            if (step == "decide")
            {
                Done(await Desk.DecideAsync("carlo", listed, "upheld", Name));
                Done(await Desk.DecideAsync("carlo", unlisted, "no-entry"));
            }
            if (step == "tell") await World.Database.ExecuteAsync("update complaint.dossier set answered_from = now() - interval '1 second'");
            await Desk.FollowAsync();
            Assert.Equal(await Desk.ProgressAsync(listed), await Desk.ProgressAsync(unlisted));
            Assert.Equal(await Desk.MailsAsync(listed), await Desk.MailsAsync(unlisted));
            Assert.Equal("receipt", await Desk.MailsAsync(listed));
            Assert.Null(await Desk.AppliedAsync(listed));
        }
        Assert.Equal(["answered"], await Desk.ProgressAsync(listed));
        // Told at what was promised when they complained, although both were decided within the minute.
        Assert.Equal(2L, await World.Database.ScalarAsync<long>("select count(*) from complaint.notice n join complaint.clock k on k.reference = n.reference and k.kind = 'decision' and k.due_at = n.at where n.what = 'decided'"));
        // A day late for one that took an hour too long: how long it took says nothing.
        var slow = await Desk.ComplainAsync("slow.example");
        await World.Database.ExecuteAsync("update complaint.clock set started_at = now() - interval '9 days', due_at = now() - interval '1 hour' where reference = $1 and kind = 'decision'", slow);
        Done(await Desk.DecideAsync("carlo", slow, "no-entry"));
        Assert.True(await World.Database.ScalarAsync<bool>("select answered_from between now() + interval '22 hours' and now() + interval '23 hours 1 minute' from complaint.dossier where reference = $1", slow));
    }

    [Fact]
    public async Task Personal_data_goes_in_its_time_and_the_audit_chain_holds()
    {
        var reference = await Desk.ComplainAsync(Name, email: "owner@mail.example", text: "My name is Erik.");
        var open = await Desk.ComplainAsync("kept1.example", email: "other@mail.example");
        Done(await Desk.TriageAsync("carlo", reference));
        Done(await Desk.Write.NoteAsync(Desk.Viewer("carlo"), reference, "Erik called twice.", Ct));
        Done(await Desk.DecideAsync("carlo", reference, "cleaned", Name));
        await World.Database.ExecuteAsync("update complaint.notice set taken_at = now()");
        await SealAsync();

        Assert.Equal(0, await ForgetAsync("89 days"));
        Assert.Equal(1, await ForgetAsync("91 days"));
        Assert.Equal($"{open}", await World.Database.ScalarAsync<string>("select string_agg(reference, ' ') from complaint.person"));
        Assert.Equal(1, await ForgetAsync("366 days"));
        Assert.Equal(0, await ForgetAsync("366 days"));
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from complaint.event_text t join complaint.event e on e.id = t.event_id where e.reference = $1", reference));
        Assert.Equal("t f", await World.Database.ScalarAsync<string>("select string_agg(left((text is null)::text, 1), ' ' order by reference) from complaint.complaint"));
        // What happened stands, with hashes of what is gone.
        Assert.Equal(3L, await World.Database.ScalarAsync<long>("select count(*) from complaint.event where reference = $1 and text_sha256 is not null", reference));
        await SealAsync();
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from oversight.find_broken_seal()"));

        async Task SealAsync() => await World.Database.ExecuteAsync("select oversight.seal_audit()");
        Task<int> ForgetAsync(string later) => World.Database.ScalarAsync<int>("select complaint.forget_at(now() + $1::text::interval)", later);
    }
}
