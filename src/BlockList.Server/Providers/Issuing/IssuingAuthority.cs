using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Providers.Issuing;

/// <summary>The authority for certificates of providers, with its key. Opened once, before anything is asked of it.</summary>
internal sealed class IssuingAuthority : IDisposable
{
    private const int SerialLength = 16;

    /// <summary>Clocks of providers may be a little behind.</summary>
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(1);

    /// <summary>What is valid for less than this is not worth handing out.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(7);

    private readonly FileSigner signer;
    private readonly X509Certificate2 certificate;
    private readonly string deployment;

    private IssuingAuthority(FileSigner signer, X509Certificate2 certificate, string deployment)
    {
        this.signer = signer;
        this.certificate = certificate;
        this.deployment = deployment;
    }

    /// <summary>How long a certificate is valid.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromDays(90);

    /// <exception cref="SigningException">A file cannot be used, or key and certificate do not belong together.</exception>
    public static IssuingAuthority Open(IOptions<IssuingOptions> options)
    {
        var settings = options.Value;
        var certificate = Load(settings.Authority);
        var signer = FileSigner.Open(settings.AuthorityKey, Passphrase(settings.PassphraseFile), "[Issuing] PassphraseFile");
        if (!BelongTogether(signer, certificate))
            throw new SigningException($"The key {settings.AuthorityKey} is not that of the certificate {settings.Authority}. Put the pair there that was made together.");
        return new IssuingAuthority(signer, certificate, settings.Deployment);
    }

    /// <summary>A certificate for one key and one use. Every name in it is ours.</summary>
    /// <param name="provider">Whose it is.</param>
    /// <param name="key">The key, and all that is taken of what was asked for.</param>
    /// <param name="now">It is valid from an hour before, for 90 days after.</param>
    public X509Certificate2 Issue(Guid provider, PublicKey key, DateTimeOffset now)
    {
        if (certificate.NotAfter < now + Shortest)
            throw new SigningException($"The authority for providers ends on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}. Make another, add it to [Distribution] ClientCa, and name it in [Issuing] Authority.");
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName(deployment);
        name.AddCommonName(provider.ToString());
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ClientCertificate.ClientAuthentication], critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(certificate.SubjectName, new Generator(signer, certificate.PublicKey), now - Backdating, Later(now + Life), Serial());
    }

    public void Dispose()
    {
        signer.Dispose();
        certificate.Dispose();
    }

    /// <summary>Never longer than the authority itself: what it signs ends with it.</summary>
    private DateTimeOffset Later(DateTimeOffset end) => end < certificate.NotAfter ? end : certificate.NotAfter;

    /// <summary>128 random bits behind a one, positive and not zero (RFC 5280 section 4.1.2.2).</summary>
    private static byte[] Serial() => [1, .. RandomNumberGenerator.GetBytes(SerialLength)];

    private static bool BelongTogether(FileSigner signer, X509Certificate2 certificate)
    {
        var probe = RandomNumberGenerator.GetBytes(32);
        using var key = certificate.GetECDsaPublicKey();
        return key?.VerifyData(probe, signer.Sign(probe, DSASignatureFormat.Rfc3279DerSequence), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    private static X509Certificate2 Load(string path)
    {
        try
        {
            var found = X509CertificateLoader.LoadCertificateFromFile(path);
            return ClientCertificate.IsAuthority(found) ? found : throw new SigningException($"The certificate {path} is no authority's. Name the authority for providers in [Issuing] Authority.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SigningException($"The certificate of the authority, {path}, cannot be read: {problem.Message.TrimEnd('.')}. Put the file of [Issuing] Authority there, readable by this role.", problem);
        }
    }

    private static string Passphrase(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SigningException($"The passphrase of the authority's key, {path}, cannot be read: {problem.Message.TrimEnd('.')}. Put the file of [Issuing] PassphraseFile there, readable by this role.", problem);
        }
    }

    /// <summary>Lets the signer sign certificates, wherever its key lies.</summary>
    private sealed class Generator(ISigner signer, PublicKey key) : X509SignatureGenerator
    {
        private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence()) writer.WriteObjectIdentifier(EcdsaWithSha256);
            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => signer.Sign(data, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => key;
    }
}
