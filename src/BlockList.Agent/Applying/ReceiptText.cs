using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;

namespace BlockList.Agent.Applying;

/// <summary>Writes receipts as docs/format.md describes them.</summary>
internal sealed class ReceiptText(ListState state, ResolverType resolver, TimeProvider time)
{
    /// <summary>What a server answers that cannot read one.</summary>
    public const string Malformed = "urn:blocklist:problem:receipt-malformed";

    /// <summary>Of the entries that the provider's own never-block file takes out, so many are named.</summary>
    private const int MostLines = 50;

    /// <summary>Fields that servers of before do not know.</summary>
    private static readonly string[] Newer = ["node", "result", "reason", "held", "waiting", "own"];

    /// <summary>What may change without a receipt saying anything else.</summary>
    private static readonly string[] Circumstances = ["clock", "checkpoint", "probes", "evidence"];

    public static string AgentVersion { get; } =
        typeof(ReceiptText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>A version is in force, in whatever it differs from the signed one.</summary>
    /// <param name="applied">What is in force.</param>
    /// <param name="own">Entries of the version that the provider's own never-block file takes out.</param>
    public JsonObject Applied(AppliedRecord applied, ListFile own)
    {
        var facts = applied.Enforced;
        var receipt = Begin(applied.List, applied.Evidence, applied.ProbesToJson(), applied.NotEnforced,
            facts.Withdrawn ? "withdrawn" : facts.HeldBecause is not null ? "held" : "applied");
        if (facts.HeldBecause is not null) receipt["held"] = new JsonObject { ["additions"] = facts.HeldAdditions, ["removals"] = facts.HeldRemovals };
        if (facts.Waiting > 0) receipt["waiting"] = facts.Waiting;
        receipt["own"] = new JsonObject { ["entries"] = own.Count, ["lines"] = new JsonArray([.. own.Lines.Take(MostLines).Select(line => (JsonNode)line)]) };
        return receipt;
    }

    /// <summary>A version was to be put in force and is not; what was in force before stays.</summary>
    /// <param name="step">Where it failed: <see cref="ApplyFailedException.Step"/>.</param>
    public JsonObject Failed(ListVersion version, string step)
    {
        var receipt = Begin(version, "none", [], 0, "failed");
        receipt["reason"] = step;
        return receipt;
    }

    /// <summary>Nothing of a version is put in force before a person accepts it.</summary>
    public JsonObject Held(ListVersion version) => Begin(version, "none", [], 0, "held");

    /// <summary>Hash of what a receipt says, but for when and by which answers.</summary>
    public static string MeaningOf(JsonObject receipt) =>
        Hashes.Sha256(Encoding.UTF8.GetBytes(new JsonObject(receipt.Where(f => !Circumstances.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))).ToJsonString()));

    /// <summary>As agents wrote it before there were more fields; null for what they never told.</summary>
    public static JsonObject? AsBefore(JsonObject receipt) => (string?)receipt["evidence"] == "none" ? null
        : new JsonObject(receipt.Where(f => !Newer.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));

    private JsonObject Begin(ListVersion version, string evidence, JsonObject probes, int leftOut, string result)
    {
        var receipt = new JsonObject
        {
            ["list"] = state.List,
            ["version"] = version.Version.Value,
            ["sha256"] = version.Sha256,
            ["resolver"] = resolver.Word,
            ["evidence"] = evidence,
            ["probes"] = probes,
            ["left_out"] = leftOut,
            ["agent_version"] = AgentVersion,
            ["clock"] = Timestamp.Format(time.GetUtcNow()),
            ["node"] = state.Node,
            ["result"] = result,
        };
        if (state.ReadMemory()?.Log is { } log) receipt["checkpoint"] = log.ToReceipt();
        return receipt;
    }
}
