using System.Text;
using BlockList.Format;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Ledger;

namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>Takes decisions into a ledger in memory as the publisher does, rows and chain included.</summary>
internal sealed class LedgerHistory
{
    public const string ListId = "worst-of";
    private static readonly string Criteria = Hashes.Sha256("criteria"u8);
    private static readonly ListedName Name = PublishingWorld.Listed("bad.example");
    private readonly List<LedgerRow> rows = [];

    public static readonly Signer[] Signers =
    [
        new("anna", "no-police", "NO", true, false),
        new("dirk", "no-police", "NO", true, true),
        new("olav", "no-police", "NO", false, true),
        new("cora", "no-hotline", "NO", true, false),
        new("bram", "nl-hotline", "NL", true, false),
        new("elise", "fr-police", "FR", true, false),
        // Moved from one agency to another: the register of a while had both.
        new("pia", "no-hotline", "NO", true, false),
        new("pia", "fr-police", "FR", true, false),
    ];

    public static readonly AgencyRegister Register = new()
    {
        Version = 1,
        Deployment = "test",
        Issued = DateTimeOffset.UnixEpoch,
        RelyingParty = new RelyingParty("localhost", "https://localhost"),
        Agencies = Signers.DistinctBy(s => s.Agency).ToDictionary(s => s.Agency, s => new RegisteredAgency(s.Agency, s.Agency, s.Country), StringComparer.Ordinal),
        Credentials = Signers.Select(CredentialOf).ToDictionary(c => c.Id, StringComparer.Ordinal),
        Lists = new Dictionary<string, RegisteredList>(StringComparer.Ordinal)
        {
            [ListId] = new() { Id = ListId, AgenciesNeeded = 2, CountriesNeeded = 2, LeaseMonths = 3, Criteria = [new AcceptedCriteria(1, Criteria, ["c1", "c2", "c3"])] },
        },
    };

    public LedgerState State { get; } = new(new LedgerKey(new byte[LedgerKey.Length]));

    /// <returns>Why it has no effect, or null.</returns>
    public string? Take(Said said, bool proposalIsReceived = false)
    {
        var credential = CredentialOf(said.By);
        var (sequence, sha256) = State.HeadOf(credential.Id);
        var statement = new DecisionStatement
        {
            Deployment = Register.Deployment,
            Id = said.Id,
            Kind = said.Kind,
            List = ListId,
            Name = Name with { Scope = said.Scope == "host" ? Scope.Host : Scope.Domain },
            Episode = said.Episode,
            Agency = said.By.Agency,
            Person = said.By.Person,
            Credential = credential.Id,
            Sequence = sequence + 1,
            Previous = sha256,
            Verdicts = said.Finding is { } finding ? new Verdicts([new("c1", Verdict.Met), new("c2", finding), new("c3", Verdict.Met)]) : null,
            CriteriaSha256 = said.Finding is null ? null : said.UnderAcceptedCriteria ? Criteria : Hashes.Sha256("of yore"u8),
            SightedAt = said.Seen,
            Supersedes = said.Supersedes,
            DecidedAt = said.At,
        };
        var isEarly = said.Kind != DecisionKind.Proposal && proposalIsReceived && State.MayYetOpen(said.Episode);
        var objection = DecisionRules.FindObjection(statement, credential, State, Register, said.At, isEarly);
        var bytes = statement.ToCanonicalBytes();
        Append(new LedgerRow
        {
            Position = State.Position + 1,
            Kind = LedgerRow.OfDecision,
            Outcome = objection is null ? LedgerRow.Accepted : LedgerRow.Refused,
            Reason = objection,
            DecisionId = said.Id,
            Credential = credential.Id,
            Sequence = sequence + 1,
            EpisodeId = said.Episode,
            List = ListId,
            Statement = bytes,
            StatementSha256 = Hashes.Sha256(bytes),
            ReceivedAt = said.At,
            ChainSha256 = [],
        });
        return objection;
    }

    public IReadOnlyList<Guid> PublishAt(DateTime instant)
    {
        var first = ListedEpisodesAt(State, instant).Where(e => !e.WasPublished).Select(e => e.Id).Order().ToArray();
        foreach (var episode in first)
            Append(new LedgerRow { Position = State.Position + 1, Kind = LedgerRow.OfFirstPublication, Outcome = LedgerRow.Accepted, EpisodeId = episode, List = ListId, Serial = 1, ReceivedAt = instant, ChainSha256 = [] });
        return first;
    }

    public IReadOnlyList<string> ListedAt(DateTime instant) => Scopes(State, instant);

    /// <summary>The same, by a process that starts now and replays the rows.</summary>
    public IReadOnlyList<string> ReplayedAt(DateTime instant)
    {
        var state = new LedgerState(new LedgerKey(new byte[LedgerKey.Length]));
        foreach (var row in rows) state.Apply(row, Register);
        return Scopes(state, instant);
    }

    /// <summary>What an episode is called and whether it is listed are one thing said twice.</summary>
    public string? FindStageThatDiffers(DateTime instant)
    {
        var list = Register.Lists[ListId];
        foreach (var id in rows.Select(r => r.EpisodeId!.Value).Distinct())
        {
            if (State.Find(id) is not { } episode) continue;
            var (stage, isListed) = (episode.StageAt(instant, list, Register.Agencies), episode.IsListedAt(instant, list, Register.Agencies));
            var mayBeListed = stage is EpisodeStage.Eligible || (stage is EpisodeStage.Disputed && episode.Doubt!.SuspendedFrom > instant);
            if (stage == EpisodeStage.Eligible ? !isListed : isListed && !mayBeListed) return $"{id:N} is {stage} and {(isListed ? "" : "not ")}listed";
        }
        return null;
    }

    private void Append(LedgerRow row)
    {
        var chained = State.Chain(row, State.ChainSha256);
        rows.Add(chained);
        State.Apply(chained, Register);
    }

    private static IReadOnlyList<string> Scopes(LedgerState state, DateTime instant) =>
        [.. ListedEpisodesAt(state, instant).Select(e => e.Name.Scope == Scope.Host ? "host" : "domain").Order(StringComparer.Ordinal)];

    private static IEnumerable<EpisodeState> ListedEpisodesAt(LedgerState state, DateTime instant) =>
        state.ListedAt(instant, Register.Lists[ListId], Register.Agencies);

    private static RegisteredCredential CredentialOf(Signer signer) => new(signer.Person, signer.Agency, Encoding.UTF8.GetBytes($"{signer.Person} of {signer.Agency}"),
        [.. new[] { signer.IsCurator ? RegisteredCredential.Curator : "", signer.IsReleaseOfficer ? RegisteredCredential.ReleaseOfficer : "" }.Where(r => r.Length > 0)]);
}
