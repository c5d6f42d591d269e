using System.Collections.Concurrent;
using System.Globalization;
using BlockList.Format.Statements;
using BlockList.Server.Tests.Publishing.Model;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Random histories of decisions, taken by the ledger and gone through by a second, slow statement of the formula.</summary>
public sealed class ListingModelTests(ITestOutputHelper output)
{
    private const ulong Seed = 20_261_121;
    private const int Histories = 100_000;

    private static readonly Signer[] Curators = [.. LedgerHistory.Signers.Where(s => s.IsCurator)];
    private static readonly Signer[] OfAgencies = [.. LedgerHistory.Signers.Where(s => s.Agency is not null)];
    private static readonly Signer[] Complaints = [.. LedgerHistory.Signers.Where(s => s.DecidesComplaints)];
    private static readonly Signer[] Overseers = [.. LedgerHistory.Signers.Where(s => s.IsOversight)];
    private static readonly string[] Cases = ["BL-7KQ4M2XW", "BL-7KQ4M2XW", "BL-9TT3HJ6C"];
    private static readonly Signer[] Officers = [.. LedgerHistory.Signers.Where(s => s.IsReleaseOfficer)];

    private static readonly DateTime[] Starts =
    [
        Utc("2023-11-30T23:59:59Z"), Utc("2024-02-29T00:00:00Z"), Utc("2024-11-29T12:00:00Z"), Utc("2026-08-31T06:00:00Z"), Utc("2026-11-30T00:00:00Z"), Utc("2026-03-15T08:30:00Z"),
    ];

    [Fact]
    public void Ledger_lists_at_every_instant_what_the_formula_lists()
    {
        var failures = new ConcurrentBag<string>();
        int listed = 0, disputes = 0, declines = 0, removals = 0, guarded = 0, enforced = 0, suspended = 0, upheld = 0, appeals = 0;
        Parallel.For(0, Histories, history =>
        {
            var run = new Run(new Seeded(Seed + ((ulong)history << 20)));
            if (run.FindDifference() is { } difference) failures.Add($"history {history}: {difference}");
            var (d, n, r, s, u, a) = run.Model.Count();
            Interlocked.Add(ref listed, run.WasListed ? 1 : 0);
            Interlocked.Add(ref disputes, d);
            Interlocked.Add(ref declines, n);
            Interlocked.Add(ref removals, r);
            Interlocked.Add(ref suspended, s);
            Interlocked.Add(ref upheld, u);
            Interlocked.Add(ref appeals, a);
            Interlocked.Add(ref guarded, run.WasLeftOut ? 1 : 0);
            Interlocked.Add(ref enforced, run.WasTouched ? 1 : 0);
        });
        output.WriteLine($"seed {Seed}: {Histories} histories, {listed} with a listing, {disputes} doubts, {declines} declines, {removals} removals, {guarded} with an entry left out, {enforced} with one touched, {suspended} suspended for a complaint, {upheld} upheld, {appeals} appeals");
        Assert.True(failures.IsEmpty, $"seed {Seed}, {failures.Count} histories differ, the shortest:\n{failures.OrderBy(f => f.Length).FirstOrDefault()}");
        Assert.True(listed > Histories / 5 && disputes > Histories / 10 && declines > Histories / 100 && removals > Histories / 100, "the histories show too little");
        Assert.True(suspended > Histories / 50 && upheld > Histories / 50 && appeals > Histories / 500, "the histories show too little of complaints");
        Assert.True(guarded > Histories / 50 && enforced > Histories / 200, "the histories show too little of the guard");
    }

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    private sealed class Run
    {
        private readonly Seeded seeded;
        private readonly Terms terms;
        private readonly GuardModel guard;
        private readonly LedgerHistory ledger;
        /// <summary>Put into words only where they are asked for.</summary>
        private readonly List<Func<string>> told = [];
        private readonly List<Guid> episodes = [];
        private readonly List<Guid> votes = [];
        private string? answered;
        private readonly bool isGuarded;
        private DateTime now;

        public Run(Seeded seeded)
        {
            this.seeded = seeded;
            (now, terms, isGuarded) = (seeded.Of(Starts), seeded.Of(Terms.All), seeded.OneIn(3));
            var isShared = isGuarded && seeded.OneIn(4);
            (guard, ledger) = (new GuardModel(isShared), new LedgerHistory(terms, isShared));
            Model = new ListingModel(terms, guard);
            told.Add(() => $"{terms}{(isShared ? ", shared" : "")}");
        }

        public ListingModel Model { get; }

        public bool WasListed { get; private set; }

        public bool WasLeftOut { get; private set; }

        public bool WasTouched { get; private set; }

        public string? FindDifference()
        {
            Propose();
            if (isGuarded && seeded.OneIn(2)) PublishAndProtect();
            for (var steps = 3 + seeded.Below(isGuarded ? 12 : 8); steps > 0; steps--)
            {
                Step();
                if (Differ(now) is { } difference) return difference;
            }
            // What time alone will do. The past is not asked for: a version is computed for an instant after all it rests on.
            var ahead = Model.LeaseEnds().SelectMany(end => new[] { end.AddSeconds(-1), end }).Append(now.AddHours(24)).Append(now.AddHours(24).AddSeconds(-1));
            foreach (var instant in ahead.Where(i => i > now))
                if (Differ(instant) is { } difference) return difference;
            return !seeded.OneIn(10) || ledger.ReplayedAt(now).SequenceEqual(ledger.ListedAt(now)) ? null : "a replay differs: " + string.Join("; ", told.Select(tell => tell()));
        }

        private string? Differ(DateTime instant)
        {
            var (expected, actual) = (Model.ListedAt(instant), ledger.ListedAt(instant));
            WasListed |= expected.Count > 0;
            if (!expected.SequenceEqual(actual)) return Said(instant, $"the formula lists [{string.Join(',', expected)}], the ledger [{string.Join(',', actual)}]");
            if (ledger.FindStageThatDiffers(instant) is { } stage) return Said(instant, stage);
            if (!isGuarded) return null;
            var (has, found) = (Model.FindingsAt(instant), ledger.FindingsAt(instant));
            WasLeftOut |= has.Any(f => f.EndsWith("True", StringComparison.Ordinal));
            WasTouched |= has.Any(f => f.EndsWith("False", StringComparison.Ordinal));
            return has.SequenceEqual(found) ? null : Said(instant, $"the guard has [{string.Join(',', has)}], the ledger [{string.Join(',', found)}]");
        }

        private string Said(DateTime instant, string what) => string.Create(CultureInfo.InvariantCulture, $"at {instant:s} {what}\n{string.Join('\n', told.Select(tell => tell()))}");

        private void Step()
        {
            switch (seeded.Below(isGuarded ? 26 : 21))
            {
                case 0 or 1: Wait(); break;
                case 2: Propose(); break;
                case 3: ProposeAfterItsVotes(); break;
                case 4 or 5: Publish(); break;
                case 6: Say(DecisionKind.Sighting); break;
                case 7 when seeded.OneIn(2): Say(DecisionKind.Removal); break;
                case 8 or 9: Say(DecisionKind.Withdrawal); break;
                case 10 when seeded.OneIn(3): ChangeRegister(); break;
                case 17 or 18: Say(DecisionKind.Suspension); break;
                case 19: Say(DecisionKind.SuspensionEnd); break;
                case 20: DecideComplaints(); break;
                case 21 or 22: Protect(); break;
                case 23: Say(DecisionKind.Override); break;
                case 24 or 25: Say(DecisionKind.Enforcement); break;
                default: Say(DecisionKind.Assessment); break;
            }
        }

        /// <summary>Often more than one word: an outcome, and the appeal against it.</summary>
        private void DecideComplaints()
        {
            for (var words = 1 + seeded.Below(3); words > 0; words--) Say(DecisionKind.ComplaintOutcome);
        }

        /// <summary>A row comes for an entry that is published already, where two agencies agree.</summary>
        private void PublishAndProtect()
        {
            for (var i = 0; i < 3; i++) Say(DecisionKind.Assessment);
            Publish();
            Protect();
        }

        /// <summary>The next register accepts one version of the criteria less.</summary>
        private void ChangeRegister()
        {
            var at = now;
            told.Add(() => string.Create(CultureInfo.InvariantCulture, $"{at:s} the older criteria count no more"));
            Model.Change(terms.Later());
            ledger.Change(terms.Later());
        }

        /// <summary>A row for the never-block register, or one of its rows out of it.</summary>
        private void Protect()
        {
            var (id, by, rows, at) = (seeded.Id(), seeded.Of(OfAgencies), guard.Rows, now);
            if (rows.Count > 0 && seeded.OneIn(3))
            {
                var retired = seeded.Of(rows);
                var (place, source) = guard.Find(retired)!.Value;
                var refusal = ledger.Protect(id, place, source, retired, by, at);
                told.Add(() => string.Create(CultureInfo.InvariantCulture, $"{at:s} {by.Person} retires {source} {GuardModel.Places[place].Place}: {refusal ?? "ok"}"));
                guard.Retire(retired, by);
                return;
            }
            var (where, why) = (seeded.Below(GuardModel.Places.Length), seeded.Of(GuardModel.Sources));
            var objection = ledger.Protect(id, where, why, null, by, at);
            told.Add(() => string.Create(CultureInfo.InvariantCulture, $"{at:s} {by.Person} protects {why} {GuardModel.Places[where].Place}: {objection ?? "ok"}"));
            guard.Add(id, where, why, by);
        }

        private void Wait()
        {
            var ends = Model.LeaseEnds().Where(end => end > now).ToArray();
            now = seeded.Below(5) switch
            {
                0 => now.AddSeconds(1 + seeded.Below(7200)),
                1 => now.AddHours(24).AddSeconds(seeded.Below(3) - 1),
                2 when ends.Length > 0 => seeded.Of(ends).AddSeconds(seeded.Below(3) - 1),
                3 => now.AddDays(seeded.Below(50)),
                _ => now.AddDays(1),
            };
        }

        private void Publish()
        {
            var at = now;
            told.Add(() => string.Create(CultureInfo.InvariantCulture, $"{at:s} published"));
            foreach (var episode in ledger.PublishAt(now)) Model.Publish(episode);
        }

        private void Propose()
        {
            var proposal = NewProposal();
            episodes.Add(proposal.Id);
            Tell(proposal);
        }

        /// <summary>As when the proposal stands behind a stopped credential for a while.</summary>
        private void ProposeAfterItsVotes()
        {
            var proposal = NewProposal();
            for (var i = 1 + seeded.Below(3); i > 0; i--)
            {
                var kind = seeded.OneIn(6) ? DecisionKind.Removal : seeded.OneIn(6) ? seeded.Of([DecisionKind.Suspension, DecisionKind.ComplaintOutcome]) : isGuarded && seeded.OneIn(3) ? DecisionKind.Override : seeded.OneIn(6) ? DecisionKind.Sighting : DecisionKind.Assessment;
                Tell(NewDecision(kind, proposal.Id, proposal.Scope));
            }
            if (seeded.OneIn(3)) Wait();
            episodes.Add(proposal.Id);
            Tell(proposal with { At = now });
        }

        private void Say(DecisionKind kind) => Tell(NewDecision(kind, seeded.OneIn(5) ? seeded.Of(episodes) : episodes[^1], seeded.OneIn(8) ? "host" : "domain"));

        private Said NewProposal()
        {
            var id = seeded.Id();
            return new Said(id, DecisionKind.Proposal, id, seeded.OneIn(8) ? "host" : "domain", Signer(isOfRelease: false), seeded.OneIn(8) ? Verdict.NotMet : Verdict.Met, Criteria(), Seen(), null, null, now);
        }

        private Said NewDecision(DecisionKind kind, Guid episode, string scope)
        {
            if (kind is DecisionKind.Suspension or DecisionKind.SuspensionEnd or DecisionKind.ComplaintOutcome) return NewDecisionOfComplaint(kind, episode, scope);
            var by = Signer(kind is DecisionKind.Removal or DecisionKind.Override or DecisionKind.Enforcement);
            Guid? supersedes = kind is DecisionKind.Assessment or DecisionKind.Withdrawal ? Model.HeadOf(episode, by.Agency!) : null;
            if (kind == DecisionKind.Withdrawal && supersedes is null) kind = DecisionKind.Assessment;
            if (kind == DecisionKind.Assessment && seeded.OneIn(15)) supersedes = votes.Count > 0 && seeded.OneIn(2) ? seeded.Of(votes) : null;
            Verdict? finding = kind == DecisionKind.Assessment ? seeded.Of([Verdict.Met, Verdict.Met, Verdict.Met, Verdict.NotMet, Verdict.Unknown]) : null;
            DateTime? seen = kind == DecisionKind.Sighting || (kind == DecisionKind.Assessment && seeded.OneIn(4)) ? Seen() : null;
            var rule = kind is DecisionKind.Override or DecisionKind.Enforcement ? Rule() : null;
            return new Said(seeded.Id(), kind, episode, scope, by, finding, Criteria(), seen, supersedes, rule, now);
        }

        private Said NewDecisionOfComplaint(DecisionKind kind, Guid episode, string scope)
        {
            var (by, complaint) = (seeded.OneIn(8) ? seeded.Of(LedgerHistory.Signers) : seeded.Of(Complaints), seeded.Of(Cases));
            if (kind != DecisionKind.ComplaintOutcome) return new Said(seeded.Id(), kind, episode, scope, by, null, 0, null, null, null, now, complaint);
            // Appeals are few where chance alone would have to meet a rejection.
            if (!seeded.OneIn(3) && Cases.FirstOrDefault(c => Model.OutcomeOf(episode, c) is not null) is { } decided) (complaint, by) = (decided, seeded.OneIn(4) ? by : seeded.Of(Overseers));
            var outcome = seeded.Of([ComplaintOutcome.Rejected, ComplaintOutcome.Rejected, ComplaintOutcome.Upheld, ComplaintOutcome.Cleaned, scope == "host" ? ComplaintOutcome.Upheld : ComplaintOutcome.Partly]);
            var supersedes = seeded.OneIn(12) ? (votes.Count > 0 ? seeded.Of(votes) : null) : Model.OutcomeOf(episode, complaint);
            return new Said(seeded.Id(), kind, episode, scope, by, null, 0, null, supersedes, null, now, complaint, outcome);
        }

        /// <summary>Often the one that somebody answered before: one person's override meets another's enforcement.</summary>
        private string Rule() => answered = answered is not null && seeded.OneIn(2) ? answered : seeded.OneIn(6) ? "host-only" : seeded.Of(GuardModel.Sources);

        /// <summary>Mostly one whose role it is.</summary>
        private Signer Signer(bool isOfRelease) => seeded.OneIn(6) ? seeded.Of(OfAgencies) : seeded.Of(isOfRelease ? Officers : Curators);

        private int Criteria() => seeded.OneIn(20) ? 2 : seeded.Below(2);

        private DateTime Seen() => seeded.Below(8) switch { 0 => now.AddSeconds(1), 1 => now, 2 => now.AddDays(-80 - seeded.Below(15)), 3 => now.AddMonths(-3), _ => now.AddHours(-seeded.Below(200)) };

        private void Tell(Said said)
        {
            if (said.IsVote) votes.Add(said.Id);
            Model.Hear(said);
            var objection = ledger.Take(said);
            told.Add(() => string.Create(CultureInfo.InvariantCulture, $"{said.At:s} {said.Kind} {said.Scope} {said.Id:N} on {said.Episode:N} by {said.By.Person} of {said.By.Agency} {said.Finding} seen {said.Seen:s} supersedes {said.Supersedes} under {said.Criteria} {said.Rule}{said.Case} {said.Outcome}: {objection ?? "ok"}"));
        }
    }
}
