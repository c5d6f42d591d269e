using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Complaints.Public;

/// <summary>The portal's own secret, one key of it for each use (RFC 5869).</summary>
internal sealed class ComplaintKey
{
    private const int Length = 32;
    private readonly byte[] secret;

    /// <exception cref="IOException">The file cannot be read, or holds something else.</exception>
    public ComplaintKey(IOptions<ComplaintOptions> options)
    {
        var path = options.Value.KeyFile;
        try
        {
            secret = Convert.FromHexString(File.ReadLines(path).FirstOrDefault() ?? "");
            if (secret.Length != Length) throw new FormatException($"it has {secret.Length} bytes where {Length} are needed");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new IOException($"The secret of the portal, {path}, cannot be read: {problem.Message}. Make a new one for a new installation only (openssl rand -hex 32): with another one nobody can look at an old complaint.", problem);
        }
    }

    public byte[] For(string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, info: Encoding.ASCII.GetBytes("blocklist-complaints/1 " + use));
}
