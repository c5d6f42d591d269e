using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BlockList.Agent.Configuration;
using BlockList.Agent.State;

namespace BlockList.Agent.Enrolment;

/// <summary>A key that this agent made for a certificate. It lies in one file that only the agent's user reads, and goes nowhere.</summary>
internal sealed class CertificateKey : IDisposable
{
    private readonly ECDsa key;

    private CertificateKey(ECDsa key, byte[] pem)
    {
        this.key = key;
        Pem = pem;
    }

    /// <summary>PKCS #8, as in the file.</summary>
    public byte[] Pem { get; }

    public byte[] SubjectPublicKeyInfo => key.ExportSubjectPublicKeyInfo();

    /// <summary>Reads the key, or makes one (ECDSA P-256) and puts it on the disk before anybody hears of it: whoever is interrupted goes on with it.</summary>
    public static CertificateKey OpenOrCreate(string path)
    {
        var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (DurableFile.TryRead(path) is not { } existing)
        {
            var pem = Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem() + "\n");
            DurableFile.Write(path, pem);
            return new CertificateKey(made, pem);
        }
        try
        {
            made.ImportFromPem(Encoding.ASCII.GetString(existing));
            return new CertificateKey(made, existing);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            made.Dispose();
            throw new ConfigurationException($"{path} is no key ({problem.Message.TrimEnd('.')}). Remove it, and run the command again.");
        }
    }

    /// <summary>A request (RFC 2986, DER) that shows that the key is here. The server takes no name from it.</summary>
    public byte[] Request() => new CertificateRequest("CN=blocklist-agent", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    public bool IsOf(X509Certificate2 certificate) => certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(SubjectPublicKeyInfo);

    public void Dispose() => key.Dispose();
}
