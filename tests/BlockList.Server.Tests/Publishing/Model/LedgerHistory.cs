using System.Text;
using BlockList.Format;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;

namespace BlockList.Server.Tests.Publishing.Model;

/// <summary>Takes decisions into a ledger in memory as the publisher does, rows and chain included, and assembles the list from it.</summary>
internal sealed class LedgerHistory(Terms terms, bool isShared)
{
    private const string ListId = "worst-of";

    /// <summary>Versions 0 and 1, and one that no list accepts.</summary>
    public static readonly AcceptedCriteria[] CriteriaVersions = [CriteriaOf(1, "c1", "c2", "c3"), CriteriaOf(2, "c1", "c2", "c3", "c4"), CriteriaOf(3, "c1", "c2", "c3")];

    public static readonly Signer[] Signers =
    [
        new("anna", "no-police", "NO", true, false),
        new("dirk", "no-police", "NO", true, true),
        new("olav", "no-police", "NO", false, true),
        new("cora", "no-hotline", "NO", true, false),
        new("bram", "nl-hotline", "NL", true, false),
        new("pieter", "nl-hotline", "NL", false, true),
        new("elise", "fr-police", "FR", true, false, IsComplaintsOfficer: true),
        // Moved from one agency to another: the register of a while had both.
        new("pia", "no-hotline", "NO", true, false),
        new("pia", "fr-police", "FR", true, false),
        new("carlo", null, null, false, false, IsComplaintsOfficer: true),
        new("nils", "no-hotline", "NO", false, false, IsComplaintsOfficer: true),
        new("otto", null, null, false, false, IsOversight: true),
        new("olga", null, null, false, false, IsComplaintsOfficer: true, IsOversight: true),
    ];

    private static readonly Dictionary<Signer, RegisteredCredential> Credentials = Signers.ToDictionary(s => s, CredentialOf);
    private static readonly Dictionary<Terms, AgencyRegister> Registers = Terms.All.Concat(Terms.All.Select(t => t.Later())).Distinct().ToDictionary(t => t, RegisterOf);
    private static readonly LedgerKey Key = new(new byte[LedgerKey.Length]);

    private readonly ListedName name = PublishingWorld.Listed(isShared ? "www.bad.mooo.com" : "www.bad.example");
    private readonly List<LedgerRow> rows = [];
    private AgencyRegister register = Registers[terms];
    private (long Revision, NameGuard? Guard) known;

    public LedgerState State { get; private set; } = new(Key);

    private RegisteredList List => register.Lists[ListId];

    /// <returns>Why it has no effect, or null.</returns>
    public string? Take(Said said)
    {
        var credential = Credentials[said.By];
        var (sequence, sha256) = State.HeadOf(credential.Id);
        var statement = new DecisionStatement
        {
            Deployment = register.Deployment,
            Id = said.Id,
            Kind = said.Kind,
            List = ListId,
            Name = name with { Scope = said.Scope == "host" ? Scope.Host : Scope.Domain },
            Episode = said.Episode,
            Agency = said.By.Agency,
            Person = said.By.Person,
            Credential = credential.Id,
            Sequence = sequence + 1,
            Previous = sha256,
            Verdicts = said.Finding is { } finding ? new Verdicts(CriteriaVersions[said.Criteria].DecidedByCurator.Select(c => KeyValuePair.Create(c, c == "c2" ? finding : Verdict.Met))) : null,
            CriteriaSha256 = said.Finding is null ? null : CriteriaVersions[said.Criteria].Sha256,
            SightedAt = said.Seen,
            Supersedes = said.Supersedes,
            Rule = said.Rule,
            NoteSha256 = said.Rule is null && !said.IsOfComplaint ? null : CriteriaVersions[0].Sha256,
            Case = said.Case,
            Outcome = said.Outcome,
            Until = said.Kind == DecisionKind.Suspension ? said.At.AddDays(14) : null,
            DecidedAt = said.At,
        };
        var objection = DecisionRules.FindObjection(statement, credential, State, register, said.At, State.IsEarly(statement));
        var bytes = statement.ToCanonicalBytes();
        Append(RowOf(LedgerRow.OfDecision, objection, credential.Id, sequence + 1, bytes, said.Id, said.At) with { EpisodeId = said.Episode, List = ListId });
        return objection;
    }

    public string? Protect(Guid id, int place, string source, Guid? retires, Signer by, DateTime at)
    {
        var credential = Credentials[by];
        var (sequence, sha256) = State.NeverBlock.HeadOf(credential.Id);
        var statement = new NeverBlockStatement
        {
            Deployment = register.Deployment,
            Id = id,
            Action = retires is null ? NeverBlockAction.Add : NeverBlockAction.Retire,
            Source = source,
            Name = NameAt(place),
            Proof = retires is null && source == NeverBlockStatement.Proven ? id : null,
            Retires = retires,
            ReasonSha256 = CriteriaVersions[0].Sha256,
            Agency = by.Agency!,
            Person = by.Person,
            Credential = credential.Id,
            Sequence = sequence + 1,
            Previous = sha256,
            DecidedAt = at,
        };
        var objection = State.NeverBlock.FindObjection(statement, credential);
        Append(RowOf(LedgerRow.OfNeverBlock, objection, credential.Id, sequence + 1, statement.ToCanonicalBytes(), id, at));
        return objection;
    }

    /// <summary>A later register is taken: the ledger is replayed under it, as a publisher does.</summary>
    public void Change(Terms to)
    {
        register = Registers[to];
        State = Replay();
    }

    public IReadOnlyList<Guid> PublishAt(DateTime instant)
    {
        var first = AssembleAt(State, instant).Episodes.All.Where(e => !e.WasPublished).Select(e => e.Id).Order().ToArray();
        if (first.Length > 0) Append(LedgerRow.OfPublication(State.Position + 1, ListId, 1, first, instant));
        return first;
    }

    public IReadOnlyList<string> ListedAt(DateTime instant) => Scopes(AssembleAt(State, instant));

    public IReadOnlyList<string> FindingsAt(DateTime instant) =>
        [.. AssembleAt(State, instant).Findings.Select(f => $"{ScopeOf(State.Find(f.Episode)!.Name)} {f.Rule} {f.IsLeftOut}").Order(StringComparer.Ordinal)];

    /// <summary>The same, by a process that starts now and replays the rows.</summary>
    public IReadOnlyList<string> ReplayedAt(DateTime instant) => Scopes(AssembleAt(Replay(), instant));

    /// <summary>What an episode is called and whether it is listed are one thing said twice.</summary>
    public string? FindStageThatDiffers(DateTime instant)
    {
        var agencies = register.AgenciesOf(List);
        foreach (var id in rows.Select(r => r.EpisodeId).OfType<Guid>().Distinct())
        {
            if (State.Find(id) is not { } episode) continue;
            var (stage, isListed) = (episode.StageAt(instant, List, agencies), episode.IsListedAt(instant, List, agencies));
            var mayBeListed = stage is EpisodeStage.Eligible || (stage is EpisodeStage.Disputed && episode.Doubt!.SuspendedFrom > instant);
            if (stage == EpisodeStage.Eligible ? !isListed : isListed && !mayBeListed) return $"{id:N} is {stage} and {(isListed ? "" : "not ")}listed";
        }
        return null;
    }

    private AssembledList AssembleAt(LedgerState state, DateTime instant) => AssembleList.Run(state, register, List, Guard(state), instant, Serial.First);

    private NameGuard Guard(LedgerState state)
    {
        if (known.Guard is { } guard && known.Revision == state.NeverBlock.Revision) return guard;
        var table = new NameTable.Builder();
        var origins = new List<Guid>();
        foreach (var (statement, row, source) in state.NeverBlock.Rows)
        {
            table.Add(row.Ascii, source, 0, origins.Count);
            origins.Add(statement);
        }
        known = (state.NeverBlock.Revision, new NameGuard(PublicSuffixes.BuiltIn, new NeverBlockRegister(NameTable.Empty, table.Build(), origins)));
        return known.Guard!;
    }

    private DomainName NameAt(int place) => GuardModel.Places[place].Place switch
    {
        "above" => name.Name.Parent!,
        "at" => name.Name,
        "below" => PublishingWorld.Listed("deep." + name.Name.Ascii).Name,
        _ => PublishingWorld.Listed("other." + name.Name.Parent!.Ascii).Name,
    };

    private LedgerState Replay()
    {
        var state = new LedgerState(Key);
        foreach (var row in rows) state.Apply(row, register);
        return state;
    }

    private LedgerRow RowOf(string kind, string? objection, string credential, long sequence, byte[] statement, Guid id, DateTime at) => new()
    {
        Position = State.Position + 1,
        Kind = kind,
        Outcome = objection is null ? LedgerRow.Accepted : LedgerRow.Refused,
        Reason = objection,
        DecisionId = id,
        Credential = credential,
        Sequence = sequence,
        EpisodeId = null,
        List = null,
        Statement = statement,
        StatementSha256 = Hashes.Sha256(statement),
        ReceivedAt = at,
        ChainSha256 = [],
    };

    private void Append(LedgerRow row)
    {
        var chained = State.Chain(row, State.ChainSha256);
        rows.Add(chained);
        State.Apply(chained, register);
    }

    private static IReadOnlyList<string> Scopes(AssembledList assembled) => [.. assembled.List.Entries().Select(ScopeOf).Order(StringComparer.Ordinal)];

    private static string ScopeOf(ListedName listed) => listed.Scope == Scope.Host ? "host" : "domain";

    private static AcceptedCriteria CriteriaOf(int version, params string[] criteria) => new(version, Hashes.Sha256(BitConverter.GetBytes(version)), criteria);

    private static AgencyRegister RegisterOf(Terms terms) => new()
    {
        Version = 1,
        Deployment = "test",
        Issued = DateTimeOffset.UnixEpoch,
        RelyingParty = new RelyingParty("localhost", "https://localhost"),
        Agencies = Signers.Where(s => s.Agency is not null).DistinctBy(s => s.Agency).ToDictionary(s => s.Agency!, s => new RegisteredAgency(s.Agency!, s.Agency!, s.Country!), StringComparer.Ordinal),
        Credentials = Credentials.Values.ToDictionary(c => c.Id, StringComparer.Ordinal),
        Lists = new Dictionary<string, RegisteredList>(StringComparer.Ordinal)
        {
            [ListId] = new()
            {
                Id = ListId,
                AgenciesNeeded = terms.Agencies,
                CountriesNeeded = terms.Countries,
                LeaseMonths = terms.Months,
                Country = terms.Country,
                Criteria = [.. CriteriaVersions.Where((_, version) => terms.Accepts(version))],
            },
        },
    };

    private static RegisteredCredential CredentialOf(Signer signer) => new(signer.Person, signer.Agency, Encoding.UTF8.GetBytes($"{signer.Person} of {signer.Agency}"),
        [.. new[] { signer.IsCurator ? RegisteredCredential.Curator : "", signer.IsReleaseOfficer ? RegisteredCredential.ReleaseOfficer : "",
            signer.IsComplaintsOfficer ? RegisteredCredential.ComplaintsOfficer : "", signer.IsOversight ? RegisteredCredential.Oversight : "" }.Where(r => r.Length > 0)]);
}
