using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Statements;

/// <summary>
/// A decision to and from its canonical bytes without a tree between them: a ledger of millions is read so. It does what
/// <see cref="DecisionStatement"/> does by way of <see cref="CanonicalJson"/>, for the statements that people make; for any
/// other it answers null, and that way is gone.
/// </summary>
internal static class DecisionBytes
{
    private const int MostVerdicts = 16;

    /// <summary>Verdicts recur as <see cref="RecurringText"/> does; by length, which tells nearly all of them apart.</summary>
    private static readonly KnownVerdicts?[] Known = new KnownVerdicts?[64];

    public static byte[]? Write(DecisionStatement statement)
    {
        if (statement.Blast is not null) return null;
        var json = new CanonicalWriter(stackalloc byte[2048]);
        json.Text("{\"agency\":"u8, statement.Agency);
        json.Text(",\"case\":"u8, statement.Case);
        json.Text(",\"credential\":"u8, statement.Credential);
        json.Text(",\"criteria\":"u8, statement.CriteriaSha256);
        if (statement.Criterion is not null) json.Text(",\"criterion\":"u8, statement.Criterion);
        json.Time(",\"decided_at\":"u8, statement.DecidedAt);
        json.Text(",\"deployment\":"u8, statement.Deployment);
        json.Id(",\"episode\":"u8, statement.Episode);
        json.Id(",\"id\":"u8, statement.Id);
        json.Text(",\"kind\":"u8, DecisionStatement.Print(statement.Kind));
        json.Text(",\"list\":"u8, statement.List);
        json.Text(",\"name\":"u8, statement.Name.Name.Ascii);
        json.Text(",\"note\":"u8, statement.NoteSha256);
        if (statement.Outcome is { } outcome) json.Text(",\"outcome\":"u8, ComplaintWords.Print(outcome));
        json.Text(",\"person\":"u8, statement.Person);
        json.Text(",\"previous\":"u8, statement.Previous);
        json.Text(",\"reference\":"u8, statement.ReferenceSha256);
        if (statement.Rule is not null) json.Text(",\"rule\":"u8, statement.Rule);
        json.Raw(statement.Name.Scope == Scope.Host ? ",\"scope\":\"host\""u8 : ",\"scope\":\"domain\""u8);
        json.Integer(",\"sequence\":"u8, statement.Sequence);
        json.Time(",\"sighted_at\":"u8, statement.SightedAt);
        json.Id(",\"supersedes\":"u8, statement.Supersedes);
        json.Raw(",\"type\":\"blocklist-decision\""u8);
        if (statement.Until is not null) json.Time(",\"until\":"u8, statement.Until);
        json.Raw(",\"v\":1,\"verdict\":"u8);
        if (statement.Verdicts is { } verdicts) Write(ref json, verdicts);
        else json.Raw("null"u8);
        json.Raw("}"u8);
        return json.IsPlain ? json.Written.ToArray() : null;
    }

    private static void Write(ref CanonicalWriter json, Verdicts verdicts)
    {
        var opening = "{"u8;
        foreach (var criterion in verdicts.Criteria)
        {
            json.Raw(opening);
            json.Quoted(criterion);
            json.Text(":"u8, Verdicts.Print(verdicts[criterion]));
            opening = ","u8;
        }
        json.Raw(opening[0] == '{' ? "{}"u8 : "}"u8);
    }

    public static DecisionStatement? Read(ReadOnlySpan<byte> utf8)
    {
        var json = new CanonicalReader(utf8);
        var agency = json.OptionalRecurring("{\"agency\":"u8);
        var blast = json.Skips(",\"blast\":"u8) ? ReadBlast(ref json) : null;
        var complaint = json.OptionalString(",\"case\":"u8);
        var credential = json.Sha256(",\"credential\":"u8);
        var criteria = json.OptionalSha256(",\"criteria\":"u8, recurs: true);
        var criterion = json.Skips(",\"criterion\":"u8) ? RecurringText.Of(json.Quoted()) : null;
        var decidedAt = json.Time(",\"decided_at\":"u8);
        var deployment = json.Recurring(",\"deployment\":"u8);
        var episode = json.Id(",\"episode\":"u8);
        var id = json.Id(",\"id\":"u8);
        var kind = DecisionStatement.KindOf(json.Text(",\"kind\":"u8));
        var list = json.Recurring(",\"list\":"u8);
        var name = json.Text(",\"name\":"u8);
        var note = json.OptionalSha256(",\"note\":"u8);
        var outcome = json.Skips(",\"outcome\":"u8) ? ReadOutcome(ref json) : null;
        var person = json.Recurring(",\"person\":"u8);
        var previous = json.OptionalSha256(",\"previous\":"u8);
        var reference = json.OptionalSha256(",\"reference\":"u8);
        var rule = json.Skips(",\"rule\":"u8) ? RecurringText.Of(json.Quoted()) : null;
        var isHost = json.Skips(",\"scope\":\"host\""u8);
        if (!isHost) json.Expect(",\"scope\":\"domain\""u8);
        var sequence = json.Integer(",\"sequence\":"u8, 1);
        var sightedAt = json.OptionalTime(",\"sighted_at\":"u8);
        var supersedes = json.OptionalId(",\"supersedes\":"u8);
        json.Expect(",\"type\":\"blocklist-decision\""u8);
        DateTimeOffset? until = json.Skips(",\"until\":"u8) ? json.Time([]) : null;
        json.Expect(",\"v\":1,\"verdict\":"u8);
        var verdicts = json.Skips("null"u8) ? null : ReadVerdicts(ref json);
        json.Expect("}"u8);
        Span<char> ascii = stackalloc char[NameLimits.Listable + 1];
        if (json.Fails || !json.IsAtEnd || kind is null || name.Length > NameLimits.Listable || !RegisteredList.IsListId(list)
            || !DomainName.TryParseCanonical(ascii[..Encoding.ASCII.GetChars(name, ascii)], out var domain)) return null;
        return new DecisionStatement
        {
            Deployment = deployment,
            Id = id,
            Kind = kind.Value,
            List = list,
            Name = new ListedName(domain, isHost ? Scope.Host : Scope.Domain),
            Episode = episode,
            Agency = agency,
            Person = person,
            Credential = credential,
            Sequence = sequence,
            Previous = previous,
            Verdicts = verdicts,
            CriteriaSha256 = criteria,
            SightedAt = sightedAt,
            ReferenceSha256 = reference,
            NoteSha256 = note,
            Blast = blast,
            Rule = rule,
            Case = complaint,
            Criterion = criterion,
            Outcome = outcome,
            Until = until,
            Supersedes = supersedes,
            DecidedAt = decidedAt,
        };
    }

    private static ComplaintOutcome? ReadOutcome(ref CanonicalReader json)
    {
        var outcome = ComplaintWords.OutcomeOf(json.Quoted());
        if (outcome is null) json.Refuse();
        return outcome;
    }

    private static BlastRadius? ReadBlast(ref CanonicalReader json)
    {
        var known = json.Integer("{\"known_names\":"u8, 0);
        long? rank = null;
        if (!json.Skips(",\"rank\":null"u8)) rank = json.Integer(",\"rank\":"u8, 1);
        var reach = json.Recurring(",\"reach\":"u8);
        var sentence = Encoding.UTF8.GetString(json.Text(",\"sentence\":"u8));
        var isShared = json.Skips(",\"shared\":true}"u8);
        if (!isShared) json.Expect(",\"shared\":false}"u8);
        var blast = new BlastRadius(reach, isShared, known, rank, sentence);
        if (blast.IsWellFormed) return blast;
        json.Refuse();
        return null;
    }

    private static Verdicts? ReadVerdicts(ref CanonicalReader json)
    {
        var start = json.Rest;
        // They are the last field: what was read before is known by its bytes.
        if (start.Length > 1 && Known[start.Length % Known.Length] is { } known && start[..^1].SequenceEqual(known.Json))
        {
            json.Expect(known.Json);
            return known.Verdicts;
        }
        json.Expect("{"u8);
        var read = new List<KeyValuePair<string, Verdict>>();
        do
        {
            var criterion = json.Quoted();
            var isVerdict = Verdicts.TryParse(Encoding.UTF8.GetString(json.Text(":"u8)), out var verdict);
            // The order of texts beyond ASCII is another in UTF-8 than in canonical JSON.
            if (!isVerdict || !Ascii.IsValid(criterion) || read.Count == MostVerdicts) json.Refuse();
            var key = Encoding.UTF8.GetString(criterion);
            if (read.Count > 0 && string.CompareOrdinal(read[^1].Key, key) >= 0) json.Refuse();
            read.Add(new(key, verdict));
        }
        while (!json.Fails && json.Skips(","u8));
        json.Expect("}"u8);
        if (json.Fails) return null;
        var verdicts = new Verdicts(read);
        Known[start.Length % Known.Length] = new KnownVerdicts(start[..^json.Rest.Length].ToArray(), verdicts);
        return verdicts;
    }

    private sealed record KnownVerdicts(byte[] Json, Verdicts Verdicts);
}
