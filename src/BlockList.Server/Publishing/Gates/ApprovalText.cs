using System.Text.Json;
using BlockList.Format.Tuf;

namespace BlockList.Server.Publishing.Gates;

/// <summary>An approver's word to the agents, as text that a person pastes. Whether it covers the version that is made, the
/// publisher sees; without one that does, agents brake by themselves.</summary>
internal static class ApprovalText
{
    public static bool IsEnvelope(string json) => Parse(json) is not null;

    public static BulkApproval? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse($$"""{"{{BulkApproval.Field}}":{{json}}}""");
            return BulkApproval.Of(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
