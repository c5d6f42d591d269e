using BlockList.Format.Statements;
using BlockList.Server.Complaints.Cases;
using BlockList.Server.Curation;
using BlockList.Server.Tests.Publishing;
using Npgsql;
using Xunit;
using static BlockList.Server.Tests.Cases.CaseDesk;

namespace BlockList.Server.Tests.Cases;

/// <summary>Cases from the complaint to what is published and read on the status page.</summary>
public sealed class CaseWorkTests(PostgresFixture postgres) : CaseTests(postgres)
{
    [Fact]
    public async Task Suspended_at_triage_leaves_with_an_urgent_version_and_upheld_for_good()
    {
        var reference = await Desk.ComplainAsync(Name);
        Done(await Desk.TriageAsync("carlo", reference, Name));
        Assert.Equal("working suspended", await Desk.StageAsync(reference));
        await World.PublishUrgentAsync();
        Assert.DoesNotContain(Name, (await World.ReadListAsync()).Lines);
        Assert.True((await World.VerifyAsClientAsync()).Urgent);

        Done(await Desk.DecideAsync("carlo", reference, "upheld", Name));
        Assert.Equal("decided", await Desk.StageAsync(reference));
        Assert.Equal("removed", await World.Database.ScalarAsync<string>("select stage from curation.episode where name = $1 and is_current", Name));
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from complaint.clock where reference = $1 and (ended_at is null or ended_at > due_at)", reference));
        await Desk.ProveAsync(reference);
        Assert.Equal(["received", "triaged", "suspended", "decided upheld: because of what was found: upheld", "proven"], await Desk.ProgressAsync(reference));
        Assert.Equal("worst-of 2 0/0", await Desk.AppliedAsync(reference));
    }

    [Fact]
    public async Task Suspension_that_ends_brings_the_entry_back_while_the_case_goes_on()
    {
        var reference = await Desk.ComplainAsync(Name);
        Done(await Desk.TriageAsync("carlo", reference));
        Assert.Equal("working", await Desk.StageAsync(reference));
        Done(await Desk.TriageAsync("carlo", reference, Name));
        await World.PublishUrgentAsync();
        Assert.DoesNotContain(Name, (await World.ReadListAsync()).Lines);
        Assert.Contains("suspended for this complaint already", Refused(await Desk.TriageAsync("carlo", reference, Name)), StringComparison.Ordinal);
        Done(await Desk.ResumeAsync("carlo", reference, Name));
        await World.PublishAsync();
        Assert.Contains(Name, (await World.ReadListAsync()).Lines);
        Assert.Equal("working", await Desk.StageAsync(reference));
    }

    [Fact]
    public async Task Case_is_not_over_while_an_entry_is_suspended_for_it_that_nothing_was_said_of()
    {
        var reference = await Desk.ComplainAsync(Name);
        Done(await Desk.TriageAsync("carlo", reference, Name, "kept1.example"));
        Assert.Contains("Choose every suspended entry", Refused(await Desk.DecideAsync("carlo", reference, "rejected", Name)), StringComparison.Ordinal);
        Assert.Equal("working suspended", await Desk.StageAsync(reference));
        Done(await Desk.DecideAsync("carlo", reference, "rejected", Name, "kept1.example"));
        Assert.Equal("decided", await Desk.StageAsync(reference));
    }

    [Fact]
    public async Task Without_proof_a_question_can_be_answered_until_the_promised_time_whatever_was_decided()
    {
        var (unproven, proven) = (await Desk.ComplainAsync(Name), await Desk.ComplainAsync("kept1.example"));
        await Desk.ProveAsync(proven);
        foreach (var reference in new[] { unproven, proven })
        {
            Done(await Desk.TriageAsync("carlo", reference));
            Done(await Desk.Write.AskAsync(Desk.Viewer("carlo"), reference, "page", null, Ct));
        }
        Done(await Desk.DecideAsync("carlo", unproven, "rejected", Name));
        Done(await Desk.DecideAsync("carlo", proven, "rejected", "kept1.example"));
        Assert.Equal("taken", await Desk.AnswerAsync(unproven, "It is mine."));
        Assert.Equal("not-asked", await Desk.AnswerAsync(proven, "It is mine."));
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("dirk")]
    public async Task Whoever_listed_it_and_their_colleagues_work_on_no_complaint_about_it(string person)
    {
        await World.GiveRolesAsync(person, RegisteredCredential.Curator, RegisteredCredential.ComplaintsOfficer);
        var reference = await Desk.ComplainAsync(Name);
        foreach (var refused in new[] { await Desk.TriageAsync(person, reference), await Desk.TriageAsync(person, reference, Name), await Desk.DecideAsync(person, reference, "rejected", Name), await Desk.DecideAsync(person, reference, "no-entry"), await Desk.Write.AskAsync(Desk.Viewer(person), reference, "page", null, Ct), await Desk.Write.EnterLetterAsync(Desk.Viewer(person), reference, "a letter", Ct) })
            Assert.Equal(DecisionRefusals.HasPart, Refused(refused));
        Assert.Equal("new", await Desk.StageAsync(reference));
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from curation.decision where case_reference is not null"));
        // They can say that somebody else has to look.
        Done(await Desk.Write.HandOverAsync(Desk.Viewer(person), reference, "we listed it", Ct));
        Assert.True(await World.Database.ScalarAsync<bool>("select oversight from complaint.dossier where reference = $1", reference));
    }

    [Fact]
    public async Task Curator_works_on_no_complaint_whatever_it_is_about()
    {
        var reference = await Desk.ComplainAsync("unlisted.example");
        Assert.Contains("neither a complaints officer", Refused(await Desk.Write.NoteAsync(Desk.Viewer("elise"), reference, "x", Ct)), StringComparison.Ordinal);
        Assert.Contains("neither a complaints officer", Refused(await Desk.DecideAsync("elise", reference, "no-entry")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejected_is_appealed_once_to_somebody_else_of_oversight()
    {
        var reference = await Desk.ComplainAsync(Name, email: "owner@mail.example");
        Done(await Desk.TriageAsync("carlo", reference));
        Assert.Equal("not-now", await Desk.AppealAsync(reference));
        Done(await Desk.DecideAsync("carlo", reference, "rejected", Name));
        // Without proof nobody is told the outcome, and so nobody appeals against it.
        Assert.Equal("not-now", await Desk.AppealAsync(reference));
        await Desk.ProveAsync(reference);
        Assert.Equal("taken", await Desk.AppealAsync(reference, "Look again."));
        Assert.Equal("not-now", await Desk.AppealAsync(reference, "And again."));
        Assert.Equal("appealed", await Desk.StageAsync(reference));

        Assert.Contains("An appeal against that is oversight's", Refused(await Desk.DecideAsync("carlo", reference, "upheld", Name)), StringComparison.Ordinal);
        Assert.Equal(CaseRefusals.AppealOfOversight, Refused(await Desk.DecideAsync("carlo", reference, "no-entry")));
        await World.GiveRolesAsync("carlo", RegisteredCredential.ComplaintsOfficer, RegisteredCredential.Oversight);
        Assert.Contains("You decided this complaint yourself", Refused(await Desk.DecideAsync("carlo", reference, "upheld", Name)), StringComparison.Ordinal);
        Assert.Equal(CaseRefusals.AppealOfOversight, Refused(await Desk.DecideAsync("carlo", reference, "no-entry")));
        Done(await Desk.DecideAsync("otto", reference, "upheld", Name));
        await World.PublishUrgentAsync();
        Assert.DoesNotContain(Name, (await World.ReadListAsync()).Lines);
        Assert.Equal("closed", await Desk.StageAsync(reference));
        Assert.Equal("not-now", await Desk.AppealAsync(reference));
        Assert.Equal("appeal-decided upheld: because of what was found: upheld", (await Desk.ProgressAsync(reference))[^1]);
        await Desk.FollowAsync();
        Assert.Equal("receipt decided appeal-received decided", await Desk.MailsAsync(reference));
    }

    [Fact]
    public async Task Question_is_answered_once_and_free_words_need_proof()
    {
        var reference = await Desk.ComplainAsync(Name, party: "host", email: "host@mail.example", language: "fr");
        Done(await Desk.TriageAsync("carlo", reference));
        Assert.Equal("not-asked", await Desk.AnswerAsync(reference, "I want to say more."));
        Assert.Contains("not proven", Refused(await Desk.Write.AskAsync(Desk.Viewer("carlo"), reference, WriteOnCase.FreeQuestion, "Who put it on the list?", Ct)), StringComparison.Ordinal);
        Done(await Desk.Write.AskAsync(Desk.Viewer("carlo"), reference, "cleaned", null, Ct));
        Assert.Equal("asked", await Desk.StageAsync(reference));
        Assert.Equal("taken", await Desk.AnswerAsync(reference, "In October."));
        Assert.Equal("not-asked", await Desk.AnswerAsync(reference, "In October."));
        Assert.Equal("working", await Desk.StageAsync(reference));
        Assert.Equal(["question", "answer: In October."], await Desk.ProgressAsync(reference));
        await Desk.FollowAsync();
        await Desk.FollowAsync();
        Assert.Equal("receipt question", await Desk.MailsAsync(reference));
        Assert.Equal("/fr/status", await World.Database.ScalarAsync<string>("select \"values\" ->> 'path' from mail.message where template = 'question'"));
    }

    [Fact]
    public async Task Link_to_confirm_goes_out_once_and_is_kept_nowhere()
    {
        await World.Database.ExecuteAsync("select complaint.submit('BL-CNFRM00001', sha256(''), 'owner', 'never', 'new.example', true, 'ar', null, 'text', 'new@mail.example', sha256('t'), 'https://complaints.blocklist.example/ar/confirm/BL-CNFRM00001/ABCDEF')");
        await Desk.FollowAsync();
        await Desk.FollowAsync();
        Assert.Equal("confirm ar /ar/confirm/BL-CNFRM00001/ABCDEF", await World.Database.ScalarAsync<string>("select string_agg(template || ' ' || language || ' ' || (\"values\" ->> 'path'), ', ') from mail.message where reference = 'BL-CNFRM00001'"));
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from complaint.notice where link is not null"));
        // Nobody works on it before it is opened.
        Assert.Equal(0L, await World.Database.ScalarAsync<long>("select count(*) from complaint.dossier"));
        Assert.Equal("confirmed", await World.Database.ScalarAsync<string>("select complaint.confirm('BL-CNFRM00001', sha256('t'))"));
        Assert.Equal("new", await Desk.StageAsync("BL-CNFRM00001"));
    }

    [Fact]
    public async Task Letter_proves_control_by_the_word_of_an_officer()
    {
        var reference = await Desk.ComplainAsync(Name);
        Done(await Desk.Write.EnterLetterAsync(Desk.Viewer("carlo"), reference, "Registrar confirmed it by telephone.", Ct));
        Assert.Equal("proven letter", await World.Database.ScalarAsync<string>("select proof_state || ' ' || proof_method from complaint.complaint where reference = $1", reference));
        Assert.Contains("proven already", Refused(await Desk.Write.EnterLetterAsync(Desk.Viewer("carlo"), reference, "Again.", Ct)), StringComparison.Ordinal);
        Assert.Equal(["received", "proven"], await Desk.ProgressAsync(reference));
    }

    [Fact]
    public async Task Duplicates_are_worked_on_together_and_each_reads_its_own()
    {
        var stranger = await Desk.ComplainAsync(Name, party: "visitor", text: "I cannot open it.");
        var owner = await Desk.ComplainAsync(Name);
        var other = await Desk.ComplainAsync("kept1.example");
        await Desk.FollowAsync();
        Assert.Equal($"{stranger} null", await World.Database.ScalarAsync<string>("select d.leader || ' ' || coalesce(o.leader, 'null') from complaint.dossier d, complaint.dossier o where d.reference = $1 and o.reference = $2", owner, other));
        await Desk.ProveAsync(owner);
        Done(await Desk.TriageAsync("carlo", stranger, Name));
        Done(await Desk.DecideAsync("carlo", stranger, "rejected", Name));
        Assert.Empty(await Desk.ProgressAsync(stranger));
        Assert.Equal(["received", "proven", "triaged", "suspended", "decided rejected: because of what was found: rejected"], await Desk.ProgressAsync(owner));
        Assert.Equal("not-now", await Desk.AppealAsync(stranger));
        Assert.Equal("taken", await Desk.AppealAsync(owner));
        Done(await Desk.DecideAsync("otto", stranger, "cleaned", Name));
        Assert.Equal("closed", await Desk.StageAsync(owner));
        Assert.Equal("new", await Desk.StageAsync(other));
        // What comes after the decision is a case of its own.
        var late = await Desk.ComplainAsync(Name);
        await Desk.FollowAsync();
        Assert.Equal("null", await World.Database.ScalarAsync<string>("select coalesce(leader, 'null') from complaint.dossier where reference = $1", late));
    }

    [Fact]
    public async Task Outcome_must_be_what_was_signed_and_what_stands()
    {
        var reference = await Desk.ComplainAsync(Name);
        var unlisted = await Desk.ComplainAsync("unlisted.example");
        Assert.Contains("stands on a list", Refused(await Desk.DecideAsync("carlo", reference, "no-entry")), StringComparison.Ordinal);
        // Whoever has the curation login writes no outcome that nobody signed.
        await using var login = NpgsqlDataSource.Create(World.Database.Curation);
        var problem = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var command = login.CreateCommand($"select complaint.record_outcome('{reference}', 'carlo', 'upheld', null, 'x')");
            await command.ExecuteNonQueryAsync(Ct);
        });
        Assert.Equal("case_says_what_was_signed", problem.ConstraintName);
        // Nor one that somebody signed before, and that did not come into the case then.
        ComplaintSteps.Decided(await World.DecideComplaintAsync("carlo", Name, ComplaintOutcome.Upheld, reference));
        problem = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var command = login.CreateCommand($"select complaint.record_outcome('{reference}', 'carlo', 'upheld', null, 'x')");
            await command.ExecuteNonQueryAsync(Ct);
        });
        Assert.Equal("case_says_what_was_signed", problem.ConstraintName);
        Done(await Desk.DecideAsync("carlo", unlisted, "no-entry"));
        Assert.Contains("is decided", Refused(await Desk.DecideAsync("carlo", unlisted, "no-entry")), StringComparison.Ordinal);
        Assert.Equal("new", await Desk.StageAsync(reference));
    }
}
