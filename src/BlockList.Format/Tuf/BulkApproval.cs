using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Format.Tuf;

/// <summary>
/// <c>bulk_approval</c>: a person's word that one step of a list may add or remove more than a step usually may. An envelope
/// as metadata has it, around a statement over deployment, list, version and both hashes, signed by one approver key of
/// root. It stands in the <c>custom</c> of <c>list.txt</c>, and of a delta for a step that is not the newest any more.
/// </summary>
public sealed class BulkApproval
{
    /// <summary>The field's name in <c>custom</c>.</summary>
    public const string Field = "bulk_approval";

    private const string Type = "blocklist-bulk-approval";

    private readonly SignedDocument document;

    private BulkApproval(JsonElement json, SignedDocument document)
    {
        Json = json;
        this.document = document;
    }

    /// <summary>The envelope as it stands in <c>custom</c>.</summary>
    public JsonElement Json { get; }

    /// <summary>The statement that an approver signs.</summary>
    /// <param name="version">The version that the step leads to.</param>
    /// <param name="fromSha256">Hash of <c>list.txt</c> before it.</param>
    /// <param name="toSha256">Hash of <c>list.txt</c> after it.</param>
    public static JsonObject Statement(string deployment, string list, Serial version, string fromSha256, string toSha256) => new()
    {
        ["_type"] = Type,
        ["deployment"] = deployment,
        ["list"] = list,
        ["version"] = version.Value,
        ["from_sha256"] = fromSha256,
        ["to_sha256"] = toSha256,
    };

    /// <summary>An approval around a statement.</summary>
    public static BulkApproval Compose(JsonObject statement, IEnumerable<DocumentSignature> signatures) =>
        Read(CanonicalJson.Parse(SignedDocument.Compose(statement, signatures)))!;

    /// <summary>Reads the approval in a <c>custom</c> field, or returns null where there is none. What is no envelope approves
    /// nothing and refuses nothing: the list stands without it, and whoever brakes goes on braking.</summary>
    public static BulkApproval? Of(JsonElement? custom) =>
        custom is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(Field, out var json) ? Read(json) : null;

    /// <summary>Whether an approver key of <paramref name="root"/> signed exactly this step.</summary>
    public bool Covers(RootDocument root, Serial version, string fromSha256, string toSha256)
    {
        var due = CanonicalJson.Encode(Statement(root.Deployment, root.List, version, fromSha256, toSha256));
        return document.SignedBytes.AsSpan().SequenceEqual(due)
            && document.ReachesThreshold(new RoleKeys([.. root.ApproverKeys.Keys], 1), root.ApproverKeys);
    }

    private static BulkApproval? Read(JsonElement json)
    {
        try
        {
            return new BulkApproval(json.Clone(), SignedDocument.Parse(Encoding.UTF8.GetBytes(json.GetRawText())));
        }
        catch (MalformedDocumentException)
        {
            return null;
        }
    }
}
