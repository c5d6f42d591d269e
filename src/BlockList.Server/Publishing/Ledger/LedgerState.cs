using BlockList.Format.Names;
using BlockList.Format.Statements;
using Npgsql;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// What the ledger's rows add up to, row by row. Both what may still be decided and what is listed follow from it, and
/// it follows from the rows alone: replaying them gives the same state in every process.
/// </summary>
/// <param name="key">Null for whoever has not the publisher's secret, and so cannot tell its rows by their chain: the verifier
/// verifies what each row rests on instead.</param>
internal sealed class LedgerState(LedgerKey? key)
{
    private readonly EpisodeTable<Guid> episodes = new(episode => episode.Id);
    private readonly EpisodeTable<(string List, ListedName Name)> newest = new(episode => (episode.List, episode.Name));
    private readonly Dictionary<string, (long Sequence, string Sha256)> credentials = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> refusedProposals = [];
    private readonly Dictionary<Guid, List<EarlyDecision>> early = [];

    /// <summary>The last row taken; 0 before the first.</summary>
    public long Position { get; private set; }

    public byte[] ChainSha256 { get; private set; } = LedgerRow.ChainStart;

    /// <summary>The register of names that must not be listed, as far as it was taken.</summary>
    public NeverBlockState NeverBlock { get; } = new();

    /// <summary>What people said of held versions, as far as it was taken.</summary>
    public VersionDecisions Versions { get; } = new();

    /// <summary>All episodes that ever were.</summary>
    public IEnumerable<EpisodeState> Episodes => episodes;

    /// <summary>Takes all rows that are stored after the last one taken, to a position.</summary>
    /// <exception cref="LedgerBrokenException">One of them does not hold.</exception>
    public async Task CatchUpAsync(NpgsqlConnection connection, AgencyRegister register, CancellationToken cancellationToken, long upTo = long.MaxValue)
    {
        await foreach (var row in CheckedRows.ReadAsync(connection, Position, ChainSha256, key, cancellationToken, upTo)) Apply(row, register);
    }

    /// <summary>The row with its place in the chain: the next one after <paramref name="previous"/>.</summary>
    public LedgerRow Chain(LedgerRow row, byte[] previous) => row.ChainedAfter(previous, key ?? throw new InvalidOperationException("only the publisher writes rows"));

    /// <summary>Last sequence number and statement hash of a credential, (0, null) before its first.</summary>
    public (long Sequence, string? Sha256) HeadOf(string credential) => credentials.TryGetValue(credential, out var head) ? head : (0, null);

    public EpisodeState? Find(Guid episode) => episodes.Find(episode);

    /// <summary>Whether a proposal of this id could open an episode: none was taken yet.</summary>
    public bool MayYetOpen(Guid episode) => Find(episode) is null && !refusedProposals.Contains(episode);

    /// <summary>Whether the episode of a decision is yet to open: it is taken by its other merits, and has effect from the moment its proposal
    /// has. Told from the rows alone: what stands in the tables that decisions come from, the verifier cannot tell later.</summary>
    public bool IsEarly(DecisionStatement statement) => statement.Kind != DecisionKind.Proposal && MayYetOpen(statement.Episode);

    public EpisodeState? NewestOf(string list, ListedName name) => newest.Find((list, name));

    /// <summary>Whether the person or their agency had a part in an entry, on any list and in any episode: whoever had decides no complaint
    /// about it. All episodes are gone through; complaints are few.</summary>
    public bool HasPartIn(ListedName name, string person, string? agency) => episodes.Any(episode => episode.Name == name && episode.HasPartBy(person, agency));

    /// <summary>Of each name that was ever proposed for a list the newest episode.</summary>
    public EpisodeState[] NewestOf(RegisteredList list) => [.. newest.Where(e => e.List == list.Id)];

    /// <summary>Takes the next row.</summary>
    /// <exception cref="LedgerBrokenException">It does not continue the chain, or its statement was changed.</exception>
    public void Apply(LedgerRow row, AgencyRegister register) => Apply(CheckedRow.Of(row, Position + 1, ChainSha256, key), register);

    /// <summary>Takes the next row, which was checked before.</summary>
    public void Apply(CheckedRow next, AgencyRegister register)
    {
        var row = next.Row;
        if (row.Position != Position + 1 || !next.Previous.AsSpan().SequenceEqual(ChainSha256)) throw new LedgerBrokenException(Position + 1, "it was checked after another row");
        Position = row.Position;
        ChainSha256 = row.ChainSha256;
        if (row.Kind == LedgerRow.OfFirstPublication)
        {
            // Absent where the register no longer has the list: its proposal was not taken either.
            foreach (var episode in row.PublishedEpisodes()) Find(episode)?.Publish();
            return;
        }
        if (row.Kind == LedgerRow.OfNeverBlock)
        {
            NeverBlock.Apply(row);
            return;
        }
        if (row.Kind == LedgerRow.OfVersion)
        {
            Versions.Apply(row);
            return;
        }
        credentials[row.Credential!] = (row.Sequence!.Value, row.StatementSha256!);
        Follow(next.Decision!, row.Outcome == LedgerRow.Accepted, row.ReceivedAt, register);
    }

    private void Follow(DecisionStatement statement, bool isAccepted, DateTimeOffset receivedAt, AgencyRegister register)
    {
        var isProposal = statement.Kind == DecisionKind.Proposal;
        if (isProposal && !isAccepted) refusedProposals.Add(statement.Id);
        // Looked up once: in a table of a million each look waits for memory.
        var episode = Find(statement.Episode);
        if (!isProposal && episode is null && MayYetOpen(statement.Episode))
        {
            if (!early.TryGetValue(statement.Episode, out var waiting)) early.Add(statement.Episode, waiting = []);
            waiting.Add(new EarlyDecision(statement, isAccepted, receivedAt));
            return;
        }
        // A list that the register no longer has keeps its history and lists nothing.
        if (isAccepted && register.Lists.TryGetValue(statement.List, out var list))
        {
            if (isProposal) episode = Open(statement);
            episode!.Take(statement, list, receivedAt);
            episode.NewestDecision = Position;
        }
        if (statement.IsVote && episode is not null && episode.ChainHeadOf(statement.Agency!) == statement.Supersedes)
            episode.Link(statement.Agency!, statement.Id);
        if (isProposal && episode is not null && early.Remove(statement.Id, out var ready))
            TakeEarly(ready, receivedAt, register);
    }

    /// <summary>In the order in which they came. What their episode forbids is asked only now, when there is one.</summary>
    private void TakeEarly(List<EarlyDecision> ready, DateTimeOffset openedAt, AgencyRegister register)
    {
        foreach (var decision in ready)
        {
            var isAccepted = decision.IsAccepted && register.Lists.TryGetValue(decision.Statement.List, out var list)
                && DecisionRules.FindObjectionInEpisode(decision.Statement, this, list, register, openedAt) is null;
            Follow(decision.Statement, isAccepted, decision.ReceivedAt, register);
        }
    }

    private EpisodeState Open(DecisionStatement proposal)
    {
        var opened = new EpisodeState(proposal.Id, proposal.List, proposal.Name);
        episodes.Put(opened);
        newest.Put(opened);
        return opened;
    }

    private sealed record EarlyDecision(DecisionStatement Statement, bool IsAccepted, DateTimeOffset ReceivedAt);
}
