using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Verifying;

/// <summary>
/// The verifier's own secret under its record. What it once found right it does not look at again, so a row that somebody else wrote
/// into its schema, with its login or as the database's owner, must not pass for its own.
/// </summary>
internal sealed class RecordKey(IOptions<VerifyingOptions> options)
{
    private const int Length = 32;
    /// <summary>Read again where it failed: a file that comes back needs no restart.</summary>
    private readonly Lazy<byte[]> secret = new(() => Load(options.Value.RecordKeyFile), LazyThreadSafetyMode.PublicationOnly);

    public byte[] OfMark(long position, byte[] rowsSha256) => Code($"mark\n{position}\n{Convert.ToHexStringLower(rowsSha256)}\n");

    public byte[] OfSerial(string list, int serial, string listSha256, long position) => Code($"serial\n{list}\n{serial}\n{listSha256}\n{position}\n");

    public byte[] OfStep(string list, int serial, SignedStep step) => Code($"step\n{list}\n{serial}\n{step.Previous}\n{step.Added}\n{step.Freed}\n{Format.Json.Timestamp.Format(step.At)}\n");

    public byte[] OfAnswer(Guid candidate, string signedSha256) => Code($"answer\n{candidate}\n{signedSha256}\n");

    /// <summary>Of a line in the verifier's own file.</summary>
    public byte[] OfLine(string line) => Code($"line\n{line}\n");

    public byte[] OfResume(Guid id, string list, int serial, int targetsVersion) => Code($"resume\n{id}\n{list}\n{serial}\n{targetsVersion}\n");

    /// <exception cref="ObjectionException">The code is not this verifier's.</exception>
    public static void Require(byte[] code, byte[] found, string table)
    {
        if (!CryptographicOperations.FixedTimeEquals(code, found)) throw new ObjectionException($"verifying.{table} has a row that this verifier did not write.");
    }

    private byte[] Code(FormattableString text) => HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    private static byte[] Load(string path)
    {
        try
        {
            var secret = Convert.FromHexString(File.ReadLines(path).FirstOrDefault() ?? "");
            return secret.Length == Length ? secret : throw new FormatException($"it has {secret.Length} bytes where {Length} are needed");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SigningException($"The secret under the verifier's record, {path}, cannot be read: {problem.Message}. Make a new one for a new installation only (openssl rand -hex 32); a record is bound to its secret.", problem);
        }
    }
}
