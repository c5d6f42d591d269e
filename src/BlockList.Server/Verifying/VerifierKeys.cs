using System.Security.Cryptography;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Verifying;

/// <summary>The verifier's own targets key of each list, opened when it is first needed.</summary>
internal sealed class VerifierKeys(IOptions<VerifyingOptions> options) : IDisposable
{
    private readonly Dictionary<string, (DateTime Written, FileSigner Signer)> opened = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <exception cref="SigningException">The key is missing or cannot be opened.</exception>
    public DocumentSignature Sign(string list, byte[] signed)
    {
        var signer = Of(list);
        return new DocumentSignature(signer.Key.KeyId, signer.Sign(signed, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <summary>A key that was replaced is taken with the next signature.</summary>
    private FileSigner Of(string list)
    {
        var path = OnlineKeys.PathOf(options.Value.Directory, list, RoleName.Targets);
        lock (gate)
        {
            var written = File.GetLastWriteTimeUtc(path);
            if (opened.TryGetValue(list, out var known) && known.Written == written) return known.Signer;
            var signer = FileSigner.Open(path, Passphrase(), "[Verifying] PassphraseFile");
            if (known.Signer is not null) known.Signer.Dispose();
            opened[list] = (written, signer);
            return signer;
        }
    }

    private string Passphrase()
    {
        try
        {
            return File.ReadLines(options.Value.PassphraseFile).FirstOrDefault() ?? "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The passphrase of the verifier's keys, {options.Value.PassphraseFile}, cannot be read: {problem.Message} Put the file of [Verifying] PassphraseFile back, readable by this role.", problem);
        }
    }

    public void Dispose()
    {
        foreach (var (_, signer) in opened.Values) signer.Dispose();
    }
}
