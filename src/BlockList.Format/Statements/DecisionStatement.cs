using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Statements;

/// <summary>
/// What a person signs. Its canonical JSON is the decision; every table is a copy of it. Free text and reference
/// numbers enter as salted hashes, so that they can be deleted without breaking the statement.
/// </summary>
public sealed record DecisionStatement
{
    private const string Type = "blocklist-decision";
    private const int FormatVersion = 1;

    /// <summary>Longest statement in bytes that is read.</summary>
    public const int MaximumLength = 8 * 1024;

    /// <summary>Ten working days, whatever holidays lie between.</summary>
    public static readonly TimeSpan LongestSuspension = TimeSpan.FromDays(31);

    public required string Deployment { get; init; }

    public required Guid Id { get; init; }

    public required DecisionKind Kind { get; init; }

    public required string List { get; init; }

    public required ListedName Name { get; init; }

    /// <summary>The proposal that opened the stretch of life this decision belongs to; a proposal names itself. A
    /// vote can therefore not be carried into a later episode.</summary>
    public required Guid Episode { get; init; }

    /// <summary>Null of people who belong to none, and decide about complaints only.</summary>
    public required string? Agency { get; init; }

    public required string Person { get; init; }

    /// <summary>Id of the signing credential: SHA-256 of its SubjectPublicKeyInfo.</summary>
    public required string Credential { get; init; }

    /// <summary>1, 2, 3, … for each credential: a removed decision leaves a gap that the publisher sees.</summary>
    public required long Sequence { get; init; }

    /// <summary>Hash of this credential's statement before, or null for its first.</summary>
    public required string? Previous { get; init; }

    /// <summary>Of proposals and assessments.</summary>
    public Verdicts? Verdicts { get; init; }

    /// <summary>Hash of the criteria text that the verdict was made under.</summary>
    public string? CriteriaSha256 { get; init; }

    /// <summary>When a person last saw the material online.</summary>
    public DateTimeOffset? SightedAt { get; init; }

    public string? ReferenceSha256 { get; init; }

    public string? NoteSha256 { get; init; }

    /// <summary>Of proposals: what the person was shown.</summary>
    public BlastRadius? Blast { get; init; }

    /// <summary>Of overrides and enforcements: the rule of the never-block guard, <c>public-suffix</c> or a source of the register.</summary>
    public string? Rule { get; init; }

    /// <summary>The complaint case that led to this decision: its reference, which says nothing of anybody.</summary>
    public string? Case { get; init; }

    /// <summary>Of suspensions and complaint outcomes: id of the criterion that is in doubt, was not met, or is met after all; null where it is about none.</summary>
    public string? Criterion { get; init; }

    /// <summary>Of complaint outcomes.</summary>
    public ComplaintOutcome? Outcome { get; init; }

    /// <summary>Of suspensions: by when the complaint is to be decided. Nothing comes back on the list by the calendar alone.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The vote of the same agency that this one replaces; of a complaint outcome the one that is decided anew.</summary>
    public Guid? Supersedes { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Whether it takes the release role.</summary>
    public bool IsOfRelease => Kind is DecisionKind.Removal or DecisionKind.Override or DecisionKind.Enforcement;

    /// <summary>Whether it takes the role of a complaints officer or of oversight; every kind that is neither this nor of release takes a curator's.</summary>
    public bool IsOfComplaint => Kind is DecisionKind.Suspension or DecisionKind.SuspensionEnd or DecisionKind.ComplaintOutcome;

    /// <summary>Whether it ends the episode by itself.</summary>
    public bool EndsEpisode => Kind == DecisionKind.Removal || Outcome is not (null or ComplaintOutcome.Rejected);

    /// <summary>Whether this is a link of an agency's chain of votes.</summary>
    public bool IsVote => Kind is DecisionKind.Proposal or DecisionKind.Assessment or DecisionKind.Withdrawal;

    /// <summary>The bytes that are signed.</summary>
    public byte[] ToCanonicalBytes() => DecisionBytes.Write(this) ?? Encode();

    /// <summary>The same for every statement, and slowly.</summary>
    internal byte[] Encode()
    {
        var json = ToJson();
        // Members of some kinds alone; the others' statements are as they were before there were any.
        if (Blast is not null) json["blast"] = Blast.ToJson();
        if (Rule is not null) json["rule"] = Rule;
        if (Criterion is not null) json["criterion"] = Criterion;
        if (Outcome is { } outcome) json["outcome"] = ComplaintWords.Print(outcome);
        if (Until is { } until) json["until"] = Timestamp.Format(until);
        return CanonicalJson.Encode(json);
    }

    private JsonObject ToJson() => new()
    {
        ["type"] = Type,
        ["v"] = FormatVersion,
        ["deployment"] = Deployment,
        ["id"] = Id.ToString("D"),
        ["kind"] = Print(Kind),
        ["list"] = List,
        ["name"] = Name.Name.Ascii,
        ["scope"] = Name.Scope == Scope.Host ? "host" : "domain",
        ["episode"] = Episode.ToString("D"),
        ["agency"] = Agency,
        ["person"] = Person,
        ["credential"] = Credential,
        ["sequence"] = Sequence,
        ["previous"] = Previous,
        ["verdict"] = Verdicts?.ToJson(),
        ["criteria"] = CriteriaSha256,
        ["sighted_at"] = SightedAt is { } sighted ? Timestamp.Format(sighted) : null,
        ["reference"] = ReferenceSha256,
        ["note"] = NoteSha256,
        ["case"] = Case,
        ["supersedes"] = Supersedes?.ToString("D"),
        ["decided_at"] = Timestamp.Format(DecidedAt),
    };

    /// <summary>Reads a statement that stands in its canonical bytes.</summary>
    /// <exception cref="MalformedDocumentException">Another form, or fields that do not fit its kind.</exception>
    public static DecisionStatement Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaximumLength) throw new MalformedDocumentException($"a statement is longer than {MaximumLength} bytes");
        if (DecisionBytes.Read(utf8) is not { } statement) return Decode(utf8);
        statement.RequireFieldsOfKind();
        return statement;
    }

    /// <summary>The same for every statement, slowly, and with words for what is wrong.</summary>
    internal static DecisionStatement Decode(ReadOnlySpan<byte> utf8)
    {
        var fields = new JsonFields(CanonicalJson.ParseCanonical(utf8), "statement");
        fields.Exactly("type", Type);
        if (fields.Integer("v") != FormatVersion) throw fields.Wrong("v", "a version this reader knows");
        var statement = new DecisionStatement
        {
            Deployment = fields.Text("deployment"),
            Id = fields.Id("id"),
            Kind = ParseKind(fields),
            List = RegisteredList.IsListId(fields.Text("list")) ? fields.Text("list") : throw fields.Wrong("list", "a list id"),
            Name = ParseName(fields),
            Episode = fields.Id("episode"),
            Agency = fields.OptionalText("agency"),
            Person = fields.Text("person"),
            Credential = fields.Sha256("credential"),
            Sequence = fields.Integer("sequence", 1),
            Previous = fields.OptionalSha256("previous"),
            Verdicts = fields.Has("verdict") ? Statements.Verdicts.Parse(fields.Object("verdict")) : null,
            CriteriaSha256 = fields.OptionalSha256("criteria"),
            SightedAt = fields.OptionalTime("sighted_at"),
            ReferenceSha256 = fields.OptionalSha256("reference"),
            NoteSha256 = fields.OptionalSha256("note"),
            Blast = fields.Has("blast") ? BlastRadius.Parse(fields.Object("blast")) : null,
            Rule = fields.OptionalText("rule"),
            Case = fields.OptionalText("case"),
            Criterion = fields.OptionalText("criterion"),
            Outcome = fields.Has("outcome") ? ComplaintWords.OutcomeOf(Encoding.UTF8.GetBytes(fields.Text("outcome"))) ?? throw fields.Wrong("outcome", "an outcome this reader knows") : null,
            Until = fields.OptionalTime("until"),
            Supersedes = fields.OptionalId("supersedes"),
            DecidedAt = fields.Time("decided_at"),
        };
        statement.RequireFieldsOfKind();
        // Whatever else stood in the object would be signed and read by nobody.
        if (!statement.Encode().AsSpan().SequenceEqual(utf8))
            throw new MalformedDocumentException("the statement has fields that this version does not know");
        return statement;
    }

    private void RequireFieldsOfKind()
    {
        var judges = Kind is DecisionKind.Proposal or DecisionKind.Assessment;
        Require(judges == Verdicts is not null && judges == CriteriaSha256 is not null, "proposals and assessments carry a verdict and its criteria, nothing else does");
        Require((Kind == DecisionKind.Proposal) == (Episode == Id), "a proposal, and nothing else, opens its own episode");
        Require((Sequence == 1) == Previous is null, "every statement but a credential's first names the one before");
        Require(Blast is null || Kind == DecisionKind.Proposal, "a proposal, and nothing else, says what a listing would stop");
        Require((Kind is DecisionKind.Override or DecisionKind.Enforcement) == Rule is not null, "overrides and enforcements name a rule of the guard, nothing else does");
        Require(Rule is null || NoteSha256 is not null, "overrides and enforcements give a reason");
        Require(Supersedes != Id, "a decision cannot supersede itself");
        Require(Agency is not null || IsOfComplaint, "people of no agency decide about complaints only");
        RequireFieldsOfComplaint();
        Require(Kind switch
        {
            DecisionKind.Proposal => SightedAt is not null && Supersedes is null,
            DecisionKind.Assessment => true,
            DecisionKind.Sighting => SightedAt is not null && Supersedes is null,
            DecisionKind.Withdrawal => SightedAt is null && Supersedes is not null,
            DecisionKind.ComplaintOutcome => SightedAt is null,
            _ => SightedAt is null && Supersedes is null,
        }, "the fields do not fit the kind of decision");
    }

    private void RequireFieldsOfComplaint()
    {
        Require(!IsOfComplaint || (ComplaintWords.IsReference(Case) && NoteSha256 is not null), "decisions about complaints name the complaint and give a reason");
        Require(Criterion is null || (Kind is DecisionKind.Suspension or DecisionKind.ComplaintOutcome && ComplaintWords.IsCriterion(Criterion)), "suspensions and outcomes can name a criterion, nothing else does");
        Require((Kind == DecisionKind.ComplaintOutcome) == Outcome is not null, "a complaint outcome, and nothing else, says what the complaint came to");
        // Nothing is narrower than one host.
        Require(Outcome != ComplaintOutcome.Partly || Name.Scope == Scope.Domain, "an entry of one host cannot be narrowed");
        Require((Kind == DecisionKind.Suspension) == Until is not null, "a suspension, and nothing else, says by when it is to be decided");
        Require(Until is not { } until || (until > DecidedAt && until <= DecidedAt + LongestSuspension), "a complaint is to be decided after its suspension and within 31 days");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new MalformedDocumentException("statement: " + rule);
    }

    public static string Print(DecisionKind kind) => kind switch
    {
        DecisionKind.Proposal => "proposal",
        DecisionKind.Assessment => "assessment",
        DecisionKind.Sighting => "sighting",
        DecisionKind.Withdrawal => "withdrawal",
        DecisionKind.Removal => "removal",
        DecisionKind.Override => "override",
        DecisionKind.Enforcement => "enforcement",
        DecisionKind.Suspension => "suspension",
        DecisionKind.SuspensionEnd => "suspension-end",
        DecisionKind.ComplaintOutcome => "complaint-outcome",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of a word, or null for none that this reader knows.</summary>
    internal static DecisionKind? KindOf(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("proposal"u8)) return DecisionKind.Proposal;
        if (word.SequenceEqual("assessment"u8)) return DecisionKind.Assessment;
        if (word.SequenceEqual("sighting"u8)) return DecisionKind.Sighting;
        if (word.SequenceEqual("withdrawal"u8)) return DecisionKind.Withdrawal;
        if (word.SequenceEqual("removal"u8)) return DecisionKind.Removal;
        if (word.SequenceEqual("override"u8)) return DecisionKind.Override;
        if (word.SequenceEqual("enforcement"u8)) return DecisionKind.Enforcement;
        if (word.SequenceEqual("suspension"u8)) return DecisionKind.Suspension;
        if (word.SequenceEqual("suspension-end"u8)) return DecisionKind.SuspensionEnd;
        return word.SequenceEqual("complaint-outcome"u8) ? DecisionKind.ComplaintOutcome : null;
    }

    private static DecisionKind ParseKind(JsonFields fields) =>
        KindOf(Encoding.UTF8.GetBytes(fields.Text("kind"))) ?? throw fields.Wrong("kind", "a kind of decision this reader knows");

    private static ListedName ParseName(JsonFields fields)
    {
        if (!DomainName.TryParseCanonical(fields.Text("name"), out var name)) throw fields.Wrong("name", "a name in lower-case A-labels");
        return fields.Text("scope") switch
        {
            "domain" => new ListedName(name, Scope.Domain),
            "host" => new ListedName(name, Scope.Host),
            _ => throw fields.Wrong("scope", "domain or host"),
        };
    }
}
