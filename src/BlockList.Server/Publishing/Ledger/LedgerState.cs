using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>
/// What the ledger's rows add up to, row by row. Both what may still be decided and what is listed follow from it, and
/// it follows from the rows alone: replaying them gives the same state in every process.
/// </summary>
internal sealed class LedgerState
{
    private readonly Dictionary<Guid, EpisodeState> episodes = [];
    private readonly Dictionary<(string List, ListedName Name), EpisodeState> newest = [];
    private readonly Dictionary<string, (long Sequence, string Sha256)> credentials = new(StringComparer.Ordinal);

    /// <summary>The last row taken; 0 before the first.</summary>
    public long Position { get; private set; }

    public byte[] ChainSha256 { get; private set; } = LedgerRow.ChainStart;

    /// <summary>Last sequence number and statement hash of a credential, (0, null) before its first.</summary>
    public (long Sequence, string? Sha256) HeadOf(string credential) => credentials.TryGetValue(credential, out var head) ? head : (0, null);

    public EpisodeState? Find(Guid episode) => episodes.GetValueOrDefault(episode);

    public EpisodeState? NewestOf(string list, ListedName name) => newest.GetValueOrDefault((list, name));

    /// <summary>The entries of a list at an instant, with the episode each one stands on.</summary>
    public IEnumerable<EpisodeState> ListedAt(DateTimeOffset instant, RegisteredList list, IReadOnlyDictionary<string, RegisteredAgency> agencies) =>
        newest.Values.Where(e => e.List == list.Id && e.IsListedAt(instant, list, agencies));

    /// <summary>Takes the next row.</summary>
    /// <exception cref="LedgerBrokenException">It does not continue the chain, or its statement was changed.</exception>
    public void Apply(LedgerRow row, AgencyRegister register)
    {
        if (row.Position != Position + 1) throw new LedgerBrokenException(Position + 1, "a row is missing");
        if (!row.ChainAfter(ChainSha256).AsSpan().SequenceEqual(row.ChainSha256)) throw new LedgerBrokenException(row.Position, "a row was changed");
        if (row.Statement is not null && Format.Hashes.Sha256(row.Statement) != row.StatementSha256)
            throw new LedgerBrokenException(row.Position, "a statement was changed");
        Position = row.Position;
        ChainSha256 = row.ChainSha256;
        if (row.Kind == LedgerRow.OfFirstPublication)
        {
            episodes[row.EpisodeId].Publish();
            return;
        }
        credentials[row.Credential!] = (row.Sequence!.Value, row.StatementSha256!);
        var statement = DecisionStatement.Parse(row.Statement);
        // A list that the register no longer has keeps its history and lists nothing.
        if (row.Outcome == LedgerRow.Accepted && register.Lists.TryGetValue(row.List, out var list))
            Take(statement, list, row.ReceivedAt);
        if (statement.IsVote && Find(statement.Episode) is { } episode && episode.ChainHeadOf(statement.Agency) == statement.Supersedes)
            episode.Link(statement.Agency, statement.Id);
    }

    private void Take(DecisionStatement statement, RegisteredList list, DateTimeOffset receivedAt)
    {
        if (statement.Kind == DecisionKind.Proposal)
        {
            var opened = new EpisodeState(statement.Id, statement.List, statement.Name);
            episodes.Add(opened.Id, opened);
            newest[(opened.List, opened.Name)] = opened;
        }
        var episode = episodes[statement.Episode];
        if (statement.SightedAt is { } sighted) episode.See(sighted);
        if (statement.IsVote)
            episode.Cast(statement.Agency, new Vote(statement.Id, statement.Person, statement.Verdicts, statement.CriteriaSha256), list, receivedAt);
        if (statement.Kind == DecisionKind.Removal) episode.Close();
    }
}
