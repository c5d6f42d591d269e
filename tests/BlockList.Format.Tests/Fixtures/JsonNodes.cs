using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Json;

namespace BlockList.Format.Tests.Fixtures;

internal static class JsonNodes
{
    /// <summary>The node as a reader gets it, numbers that no document may have included.</summary>
    internal static JsonElement AsRead(this JsonNode node) => CanonicalJson.Parse(Encoding.UTF8.GetBytes(node.ToJsonString()));
}
