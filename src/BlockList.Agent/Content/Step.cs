using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Agent.State;
using BlockList.Format.Lists;

namespace BlockList.Agent.Content;

/// <summary>How the list went from one version to another, as this agent took it: by a verified delta, or by comparing two
/// verified lists where versions were skipped.</summary>
/// <param name="From">Where it starts.</param>
/// <param name="To">Where it leads.</param>
/// <param name="Urgent">It was published at once, to remove.</param>
/// <param name="Approved">An approver key of root vouches for its size.</param>
/// <param name="Added">Entries of <paramref name="To"/> that <paramref name="From"/> has not.</param>
/// <param name="Removed">Entries of <paramref name="From"/> that <paramref name="To"/> has not.</param>
internal sealed record Step(ChainPoint From, ChainPoint To, bool Urgent, bool Approved, ListFile Added, ListFile Removed)
{
    /// <summary>Several steps as one, without what they undo of each other. Nothing that was said of one of them holds for all.</summary>
    /// <param name="steps">Without a gap; never empty.</param>
    public static Step Over(IReadOnlyList<Step> steps)
    {
        var net = steps[0];
        foreach (var next in steps.Skip(1))
        {
            net = new Step(net.From, next.To, Urgent: false, Approved: false,
                net.Added.Except(next.Removed).Union(next.Added.Except(net.Removed)),
                net.Removed.Except(next.Added).Union(next.Removed.Except(net.Added)));
        }
        return net;
    }

    /// <summary>The list before this step.</summary>
    /// <param name="after">The list after it.</param>
    public ListFile Undo(ListFile after) => after.Except(Added).Union(Removed);

    public JsonObject ToJson() => new()
    {
        ["from"] = From.ToJson(),
        ["to"] = To.ToJson(),
        ["urgent"] = Urgent,
        ["approved"] = Approved,
        ["added"] = StateJson.Entries(Added),
        ["removed"] = StateJson.Entries(Removed),
    };

    public static Step Parse(JsonElement json) => new(
        ChainPoint.Parse(json.GetProperty("from")),
        ChainPoint.Parse(json.GetProperty("to")),
        json.GetProperty("urgent").GetBoolean(),
        json.GetProperty("approved").GetBoolean(),
        StateJson.Entries(json.GetProperty("added")),
        StateJson.Entries(json.GetProperty("removed")));
}
