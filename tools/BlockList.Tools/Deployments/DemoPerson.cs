using System.Security.Cryptography;
using BlockList.Format.Statements;

namespace BlockList.Tools.Deployments;

/// <summary>A demo person and the software passkey that signs for them.</summary>
/// <param name="Id">As in the register.</param>
/// <param name="Agency">Id of their agency; null where they belong to none.</param>
/// <param name="Role">What they may decide.</param>
/// <param name="PasskeyFile">Private key, PEM; only the curation role's user reads it.</param>
internal sealed record DemoPerson(string Id, string? Agency, string Role, string PasskeyFile)
{
    public ECDsa OpenPasskey()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(PasskeyFile));
        return key;
    }

    public RegisteredCredential Credential()
    {
        using var key = OpenPasskey();
        return new RegisteredCredential(Id, Agency, key.ExportSubjectPublicKeyInfo(), [Role]);
    }
}
