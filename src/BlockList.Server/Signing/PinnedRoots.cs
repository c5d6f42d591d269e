using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Signatures;

namespace BlockList.Server.Signing;

/// <summary>The root keys that a role was told to trust for the agency register, in a file of its own configuration.</summary>
internal sealed record PinnedRoots(RoleKeys Role, IReadOnlyDictionary<string, VerificationKey> Keys)
{
    /// <exception cref="SigningException">The file is missing or not of this form.</exception>
    public static PinnedRoots Load(string path)
    {
        try
        {
            var json = CanonicalJson.Parse(File.ReadAllBytes(path));
            var keys = json.GetProperty("keys").EnumerateArray().Select(VerificationKey.Parse).ToDictionary(k => k.KeyId, StringComparer.Ordinal);
            return new PinnedRoots(new RoleKeys([.. keys.Keys], json.GetProperty("threshold").GetInt32()), keys);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SigningException($"The pinned root keys in {path} cannot be read: {problem.Message}. Copy the file that the root ceremony wrote.", problem);
        }
    }

    public static byte[] Write(IEnumerable<VerificationKey> keys, int threshold) => CanonicalJson.Print(new JsonObject
    {
        ["keys"] = new JsonArray([.. keys.Select(k => JsonNode.Parse(k.Json.GetRawText()))]),
        ["threshold"] = threshold,
    });
}
