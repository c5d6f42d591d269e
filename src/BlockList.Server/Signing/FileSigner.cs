using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using BlockList.Format.Signatures;

namespace BlockList.Server.Signing;

/// <summary>A key in an encrypted PKCS#8 file: for development and small operators.</summary>
internal sealed class FileSigner : ISigner, IDisposable
{
    private static readonly Oid Sha256 = new("2.16.840.1.101.3.4.2.1");
    private readonly ECDsa key;

    private FileSigner(ECDsa key)
    {
        this.key = key;
        Key = VerificationKey.From(key);
    }

    public VerificationKey Key { get; }

    /// <exception cref="SigningException">The file is missing, unreadable, or the passphrase is another.</exception>
    public static FileSigner Open(string path, string passphrase, string passphraseSetting = "[Signing] PassphraseFile")
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromEncryptedPem(File.ReadAllText(path), passphrase);
            return new FileSigner(key);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new SigningException($"The key {path} cannot be opened: {problem.Message.TrimEnd('.')}. Check that the file is there, readable by this role, and that {passphraseSetting} belongs to it; it is tried again by itself.", problem);
        }
    }

    /// <summary>Makes a key and writes it, encrypted, where nobody else can read it.</summary>
    /// <param name="path">Must not exist.</param>
    /// <param name="passphrase">Encrypts it.</param>
    /// <param name="iterations">Of PBKDF2 (RFC 8018): many for a passphrase that somebody thought of, few for one that was drawn at random.</param>
    public static FileSigner Create(string path, string passphrase, int iterations = 100_000)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(path, options);
        writer.Write(key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, encryption) + "\n");
        return new FileSigner(key);
    }

    public byte[] Sign(ReadOnlySpan<byte> data, DSASignatureFormat format) => key.SignData(data, HashAlgorithmName.SHA256, format);

    public byte[] SignCms(ReadOnlySpan<byte> data, X509Certificate2 certificate)
    {
        var cms = new SignedCms(new ContentInfo(data.ToArray()), detached: true);
        cms.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate, key)
        {
            DigestAlgorithm = Sha256,
            IncludeOption = X509IncludeOption.EndCertOnly,
        });
        return cms.Encode();
    }

    public string SignSsh(string signatureNamespace, ReadOnlySpan<byte> data) => SshSignature.Armour(key, signatureNamespace,
        Sign(SshSignature.BytesToSign(signatureNamespace, data), DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <summary>A self-signed certificate that names the key to people who check CMS signatures.</summary>
    public X509Certificate2 CreateCertificate(string commonName, DateTimeOffset from, DateTimeOffset to)
    {
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // openssl cms -verify asks for the e-mail protection purpose unless told otherwise.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var withKey = request.CreateSelfSigned(from, to);
        return X509CertificateLoader.LoadCertificate(withKey.RawData);
    }

    public string AllowedSigner(string principal, string signatureNamespace) => SshSignature.AllowedSigner(principal, key, signatureNamespace);

    public void Dispose() => key.Dispose();
}
