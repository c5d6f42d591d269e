using System.Security.Cryptography;
using System.Text;
using BlockList.Format;

namespace BlockList.Server.Names.Register;

/// <summary>Why a row was entered or taken out. It lies beside the statement, so that it can be deleted; the statement holds a salted hash.</summary>
internal sealed record RegisterReason(byte[] Salt, string Text)
{
    public const int MaximumLength = 2000;

    public static RegisterReason Of(string text) => new(RandomNumberGenerator.GetBytes(32), text);

    public string Sha256 => Hashes.Sha256([.. Salt, .. Encoding.UTF8.GetBytes($"reason\n{Text}")]);
}
