using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Statements;

/// <summary>
/// What a person signs to confirm or discard a version that a gate holds. It names the very change by its hash: nothing else is
/// confirmed with it. A credential's statements of this type have a chain of their own beside its others.
/// </summary>
public sealed record VersionStatement
{
    private const string Type = "blocklist-version-decision";
    private const int FormatVersion = 1;

    public required string Deployment { get; init; }

    public required Guid Id { get; init; }

    public required VersionAction Action { get; init; }

    public required string List { get; init; }

    /// <summary>The held version.</summary>
    public required Guid Held { get; init; }

    /// <summary>SHA-256 of the change that waits, as the bytes of a delta (<see cref="Lists.Delta"/>), lower-case hexadecimal.</summary>
    public required string ChangeSha256 { get; init; }

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
        ["list"] = List,
        ["held"] = Held.ToString("D"),
        ["change"] = ChangeSha256,
        ["reason"] = ReasonSha256,
        ["agency"] = Agency,
        ["person"] = Person,
        ["credential"] = Credential,
        ["sequence"] = Sequence,
        ["previous"] = Previous,
        ["decided_at"] = Timestamp.Format(DecidedAt),
    });

    /// <summary>Reads a statement that stands in its canonical bytes.</summary>
    /// <exception cref="MalformedDocumentException">Another form.</exception>
    public static VersionStatement Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > DecisionStatement.MaximumLength) throw new MalformedDocumentException($"a statement is longer than {DecisionStatement.MaximumLength} bytes");
        var fields = new JsonFields(CanonicalJson.ParseCanonical(utf8), "statement");
        fields.Exactly("type", Type);
        if (fields.Integer("v") != FormatVersion) throw fields.Wrong("v", "a version this reader knows");
        var statement = new VersionStatement
        {
            Deployment = fields.Text("deployment"),
            Id = fields.Id("id"),
            Action = fields.Text("action") switch
            {
                "confirm" => VersionAction.Confirm,
                "discard" => VersionAction.Discard,
                _ => throw fields.Wrong("action", "an action this reader knows"),
            },
            List = RegisteredList.IsListId(fields.Text("list")) ? fields.Text("list") : throw fields.Wrong("list", "a list id"),
            Held = fields.Id("held"),
            ChangeSha256 = fields.Sha256("change"),
            ReasonSha256 = fields.Sha256("reason"),
            Agency = fields.Text("agency"),
            Person = fields.Text("person"),
            Credential = fields.Sha256("credential"),
            Sequence = fields.Integer("sequence", 1),
            Previous = fields.OptionalSha256("previous"),
            DecidedAt = fields.Time("decided_at"),
        };
        if ((statement.Sequence == 1) != statement.Previous is null)
            throw new MalformedDocumentException("statement: every statement but a credential's first names the one before");
        // Whatever else stood in the object would be signed and read by nobody.
        if (!statement.ToCanonicalBytes().AsSpan().SequenceEqual(utf8))
            throw new MalformedDocumentException("the statement has fields that this version does not know");
        return statement;
    }

    public static string Print(VersionAction action) => action switch
    {
        VersionAction.Confirm => "confirm",
        VersionAction.Discard => "discard",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
