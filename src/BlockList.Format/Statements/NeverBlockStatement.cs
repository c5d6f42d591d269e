using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Names;

namespace BlockList.Format.Statements;

/// <summary>
/// What a person signs to change the register of names that must not be listed. A credential's statements of this type have a
/// chain of their own beside its decisions: their numbers and hashes run 1, 2, 3, … separately, so that a missing one of
/// either is seen.
/// </summary>
public sealed record NeverBlockStatement
{
    private const string Type = "blocklist-never-block";
    private const int FormatVersion = 1;

    /// <summary>Of names that their owner proved.</summary>
    public const string Proven = "proven";

    /// <summary>Of services that people depend on.</summary>
    public const string Critical = "critical";

    /// <summary>Of names entered for another reason.</summary>
    public const string Hand = "hand";

    /// <summary>Of imported lists of sites.</summary>
    public const string TopSites = "top-sites";

    public required string Deployment { get; init; }

    public required Guid Id { get; init; }

    public required NeverBlockAction Action { get; init; }

    /// <summary><see cref="Proven"/>, <see cref="Critical"/>, <see cref="Hand"/> or <see cref="TopSites"/>.</summary>
    public required string Source { get; init; }

    /// <summary>What is entered or taken out; null for imports.</summary>
    public DomainName? Name { get; init; }

    /// <summary>The proof that a <see cref="Proven"/> name rests on.</summary>
    public Guid? Proof { get; init; }

    /// <summary>The statement whose row or import is taken out.</summary>
    public Guid? Retires { get; init; }

    /// <summary>Of the imported file's bytes, lower-case hexadecimal.</summary>
    public string? FileSha256 { get; init; }

    /// <summary>Hash of the reason, salted.</summary>
    public required string ReasonSha256 { get; init; }

    public required string Agency { get; init; }

    public required string Person { get; init; }

    /// <summary>SHA-256 of the signing key's SubjectPublicKeyInfo.</summary>
    public required string Credential { get; init; }

    /// <summary>1, 2, 3, … for each credential, among its statements of this type.</summary>
    public required long Sequence { get; init; }

    /// <summary>Hash of this credential's statement before, of this type, or null for its first.</summary>
    public required string? Previous { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The bytes that are signed.</summary>
    public byte[] ToCanonicalBytes() => CanonicalJson.Encode(new JsonObject
    {
        ["type"] = Type,
        ["v"] = FormatVersion,
        ["deployment"] = Deployment,
        ["id"] = Id.ToString("D"),
        ["action"] = Print(Action),
        ["source"] = Source,
        ["name"] = Name?.Ascii,
        ["proof"] = Proof?.ToString("D"),
        ["retires"] = Retires?.ToString("D"),
        ["file"] = FileSha256,
        ["reason"] = ReasonSha256,
        ["agency"] = Agency,
        ["person"] = Person,
        ["credential"] = Credential,
        ["sequence"] = Sequence,
        ["previous"] = Previous,
        ["decided_at"] = Timestamp.Format(DecidedAt),
    });

    /// <summary>Reads a statement that stands in its canonical bytes.</summary>
    /// <exception cref="MalformedDocumentException">Another form, or fields that do not fit its action.</exception>
    public static NeverBlockStatement Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > DecisionStatement.MaximumLength) throw new MalformedDocumentException($"a statement is longer than {DecisionStatement.MaximumLength} bytes");
        var fields = new JsonFields(CanonicalJson.ParseCanonical(utf8), "statement");
        fields.Exactly("type", Type);
        if (fields.Integer("v") != FormatVersion) throw fields.Wrong("v", "a version this reader knows");
        var statement = new NeverBlockStatement
        {
            Deployment = fields.Text("deployment"),
            Id = fields.Id("id"),
            Action = fields.Text("action") switch
            {
                "add" => NeverBlockAction.Add,
                "retire" => NeverBlockAction.Retire,
                "import" => NeverBlockAction.Import,
                _ => throw fields.Wrong("action", "an action this reader knows"),
            },
            Source = fields.Text("source") is Proven or Critical or Hand or TopSites ? fields.Text("source") : throw fields.Wrong("source", "a source this reader knows"),
            Name = fields.OptionalText("name") is not { } text ? null
                : DomainName.TryParseCanonical(text, out var name) ? name : throw fields.Wrong("name", "a name in lower-case A-labels"),
            Proof = fields.OptionalId("proof"),
            Retires = fields.OptionalId("retires"),
            FileSha256 = fields.OptionalSha256("file"),
            ReasonSha256 = fields.Sha256("reason"),
            Agency = fields.Text("agency"),
            Person = fields.Text("person"),
            Credential = fields.Sha256("credential"),
            Sequence = fields.Integer("sequence", 1),
            Previous = fields.OptionalSha256("previous"),
            DecidedAt = fields.Time("decided_at"),
        };
        statement.RequireFieldsOfAction();
        // Whatever else stood in the object would be signed and read by nobody.
        if (!statement.ToCanonicalBytes().AsSpan().SequenceEqual(utf8))
            throw new MalformedDocumentException("the statement has fields that this version does not know");
        return statement;
    }

    private void RequireFieldsOfAction()
    {
        Require((Sequence == 1) == Previous is null, "every statement but a credential's first names the one before");
        Require(Retires != Id, "a statement cannot retire itself");
        Require((Source == TopSites) == Name is null, "a list of sites has no single name, every other source has one");
        Require(Action switch
        {
            NeverBlockAction.Add => Source != TopSites && Retires is null && FileSha256 is null && (Source == Proven) == Proof is not null,
            NeverBlockAction.Retire => Retires is not null && FileSha256 is null && Proof is null,
            _ => Source == TopSites && Retires is null && FileSha256 is not null && Proof is null,
        }, "the fields do not fit the action");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds) throw new MalformedDocumentException("statement: " + rule);
    }

    public static string Print(NeverBlockAction action) => action switch
    {
        NeverBlockAction.Add => "add",
        NeverBlockAction.Retire => "retire",
        NeverBlockAction.Import => "import",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
