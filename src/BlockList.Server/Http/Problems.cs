using System.Buffers;
using System.Text.Json;

namespace BlockList.Server.Http;

/// <summary>Problem documents on the wire.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static byte[] ToJson(Problem problem)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("type", problem.Type);
            writer.WriteString("title", problem.Title);
            writer.WriteNumber("status", problem.Status);
            writer.WriteString("detail", problem.Detail);
            writer.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }
}
