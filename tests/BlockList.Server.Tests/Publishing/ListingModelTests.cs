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
    private const int Histories = 20_000;

    private static readonly DateTime[] Starts =
    [
        Utc("2023-11-30T23:59:59Z"), Utc("2024-02-29T00:00:00Z"), Utc("2024-11-29T12:00:00Z"), Utc("2026-08-31T06:00:00Z"), Utc("2026-11-30T00:00:00Z"), Utc("2026-03-15T08:30:00Z"),
    ];

    [Fact]
    public void Ledger_lists_at_every_instant_what_the_formula_lists()
    {
        var failures = new ConcurrentBag<string>();
        int listed = 0, disputes = 0, declines = 0, removals = 0;
        Parallel.For(0, Histories, history =>
        {
            var run = new Run(new Seeded(Seed + ((ulong)history << 20)));
            if (run.FindDifference() is { } difference) failures.Add($"history {history}: {difference}");
            var (d, n, r) = run.Model.Count();
            Interlocked.Add(ref listed, run.WasListed ? 1 : 0);
            Interlocked.Add(ref disputes, d);
            Interlocked.Add(ref declines, n);
            Interlocked.Add(ref removals, r);
        });
        output.WriteLine($"seed {Seed}: {Histories} histories, {listed} with a listing, {disputes} doubts, {declines} declines, {removals} removals");
        Assert.True(failures.IsEmpty, $"seed {Seed}, {failures.Count} histories differ, the shortest:\n{failures.OrderBy(f => f.Length).FirstOrDefault()}");
        Assert.True(listed > Histories / 10 && disputes > Histories / 10 && declines > 200 && removals > 200, "the histories show too little");
    }

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    private sealed class Run(Seeded seeded)
    {
        private readonly LedgerHistory ledger = new();
        private readonly List<string> told = [];
        private readonly List<Guid> episodes = [];
        private readonly List<Guid> votes = [];
        private DateTime now = seeded.Of(Starts);

        public ListingModel Model { get; } = new();

        public bool WasListed { get; private set; }

        public string? FindDifference()
        {
            Propose();
            for (var steps = 3 + seeded.Below(8); steps > 0; steps--)
            {
                Step();
                if (Differ(now) is { } difference) return difference;
            }
            // What time alone will do. The past is not asked for: a version is computed for an instant after all it rests on.
            var ahead = Model.LeaseEnds().SelectMany(end => new[] { end.AddSeconds(-1), end }).Append(now.AddHours(24)).Append(now.AddHours(24).AddSeconds(-1));
            foreach (var instant in ahead.Where(i => i > now))
                if (Differ(instant) is { } difference) return difference;
            return !seeded.OneIn(10) || ledger.ReplayedAt(now).SequenceEqual(ledger.ListedAt(now)) ? null : "a replay differs: " + string.Join("; ", told);
        }

        private string? Differ(DateTime instant)
        {
            var (expected, actual) = (Model.ListedAt(instant), ledger.ListedAt(instant));
            WasListed |= expected.Count > 0;
            if (ledger.FindStageThatDiffers(instant) is { } stage) return string.Create(CultureInfo.InvariantCulture, $"at {instant:s} {stage}\n{string.Join('\n', told)}");
            return expected.SequenceEqual(actual) ? null
                : string.Create(CultureInfo.InvariantCulture, $"at {instant:s} the formula lists [{string.Join(',', expected)}], the ledger [{string.Join(',', actual)}]\n{string.Join('\n', told)}");
        }

        private void Step()
        {
            switch (seeded.Below(16))
            {
                case 0 or 1: Wait(); break;
                case 2: Propose(); break;
                case 3: ProposeAfterItsVotes(); break;
                case 4 or 5: Publish(); break;
                case 6: Say(DecisionKind.Sighting); break;
                case 7: Say(DecisionKind.Removal); break;
                case 8 or 9: Say(DecisionKind.Withdrawal); break;
                default: Say(DecisionKind.Assessment); break;
            }
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
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{now:s} published"));
            foreach (var episode in ledger.PublishAt(now)) Model.Publish(episode);
        }

        private void Propose()
        {
            var proposal = NewProposal();
            episodes.Add(proposal.Id);
            Tell(proposal, false);
        }

        /// <summary>As when the proposal stands behind a stopped credential for a while.</summary>
        private void ProposeAfterItsVotes()
        {
            var proposal = NewProposal();
            for (var i = 1 + seeded.Below(3); i > 0; i--)
            {
                var kind = seeded.OneIn(6) ? DecisionKind.Removal : seeded.OneIn(6) ? DecisionKind.Sighting : DecisionKind.Assessment;
                Tell(NewDecision(kind, proposal.Id, proposal.Scope), true);
            }
            if (seeded.OneIn(3)) Wait();
            episodes.Add(proposal.Id);
            Tell(proposal with { At = now }, false);
        }

        private void Say(DecisionKind kind) => Tell(NewDecision(kind, seeded.OneIn(5) ? seeded.Of(episodes) : episodes[^1], seeded.OneIn(8) ? "host" : "domain"), false);

        private Said NewProposal()
        {
            var id = seeded.Id();
            return new Said(id, DecisionKind.Proposal, id, seeded.OneIn(8) ? "host" : "domain", seeded.Of(LedgerHistory.Signers), seeded.OneIn(8) ? Verdict.NotMet : Verdict.Met, !seeded.OneIn(20), Seen(), null, now);
        }

        private Said NewDecision(DecisionKind kind, Guid episode, string scope)
        {
            var by = seeded.Of(LedgerHistory.Signers);
            Guid? supersedes = kind is DecisionKind.Assessment or DecisionKind.Withdrawal ? Model.HeadOf(episode, by.Agency) : null;
            if (kind == DecisionKind.Withdrawal && supersedes is null) kind = DecisionKind.Assessment;
            if (kind == DecisionKind.Assessment && seeded.OneIn(15)) supersedes = votes.Count > 0 && seeded.OneIn(2) ? seeded.Of(votes) : null;
            Verdict? finding = kind == DecisionKind.Assessment ? seeded.Of([Verdict.Met, Verdict.Met, Verdict.Met, Verdict.NotMet, Verdict.Unknown]) : null;
            DateTime? seen = kind == DecisionKind.Sighting || (kind == DecisionKind.Assessment && seeded.OneIn(4)) ? Seen() : null;
            return new Said(seeded.Id(), kind, episode, scope, by, finding, kind != DecisionKind.Assessment || !seeded.OneIn(20), seen, supersedes, now);
        }

        private DateTime Seen() => seeded.Below(8) switch { 0 => now.AddSeconds(1), 1 => now, 2 => now.AddDays(-80 - seeded.Below(15)), 3 => now.AddMonths(-3), _ => now.AddHours(-seeded.Below(200)) };

        private void Tell(Said said, bool isEarly)
        {
            if (said.IsVote) votes.Add(said.Id);
            Model.Hear(said);
            var objection = ledger.Take(said, isEarly);
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{said.At:s} {said.Kind} {said.Scope} {said.Id:N} on {said.Episode:N} by {said.By.Person} of {said.By.Agency} {said.Finding} seen {said.Seen:s} supersedes {said.Supersedes}: {objection ?? "ok"}"));
        }
    }
}
