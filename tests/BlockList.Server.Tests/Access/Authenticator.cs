using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlockList.Server.Tests.Access;

/// <summary>
/// A security key in software: discoverable credentials, ES256, attestation "none" (WebAuthn level 3, section 6). It does
/// what it is told, so that it can also do what no honest one does.
/// </summary>
internal sealed class Authenticator : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Who the passkey is for, as the site said when it was made.</summary>
    public string? UserHandle { get; set; }

    /// <summary>Counts up with each use; some keys always say 0.</summary>
    public uint Counter { get; set; } = 1;

    public bool VerifiesUser { get; set; } = true;

    public string? Origin { get; set; }

    /// <summary>Answers options for <c>navigator.credentials.create</c>.</summary>
    public string Create(JsonElement options, string origin)
    {
        UserHandle = options.GetProperty("user").GetProperty("id").GetString();
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString([.. AuthenticatorData(options.GetProperty("rp").GetProperty("id").GetString()!, attested: true), .. new byte[16], 0, (byte)Id.Length, .. Id, .. CoseKey(_key)]);
        attestation.WriteEndMap();
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(ClientData("webauthn.create", options, origin)),
            ["attestationObject"] = Base64Url.EncodeToString(attestation.Encode()),
            ["transports"] = new JsonArray("usb"),
        });
    }

    /// <summary>Answers options for <c>navigator.credentials.get</c>.</summary>
    public string Get(JsonElement options, string origin)
    {
        Counter = Counter == 0 ? 0 : Counter + 1;
        var (data, client) = (AuthenticatorData(options.GetProperty("rpId").GetString()!, attested: false), ClientData("webauthn.get", options, origin));
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(_key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = UserHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = Base64Url.EncodeToString(Id),
        ["rawId"] = Base64Url.EncodeToString(Id),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private byte[] ClientData(string type, JsonElement options, string origin) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = options.GetProperty("challenge").GetString(),
        ["origin"] = Origin ?? origin,
        ["crossOrigin"] = false,
    }.ToJsonString());

    private byte[] AuthenticatorData(string relyingParty, bool attested)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty), data);
        data[32] = (byte)(0x01 | (VerifiesUser ? 0x04 : 0) | (attested ? 0x40 : 0));
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), Counter);
        return data;
    }

    /// <summary>EC2, ES256, P-256 (RFC 9053 section 7.1.1).</summary>
    public static byte[] CoseKey(ECDsa ofPair)
    {
        var point = ofPair.ExportParameters(includePrivateParameters: false).Q;
        var key = new CborWriter(CborConformanceMode.Ctap2Canonical);
        key.WriteStartMap(5);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            key.WriteInt32(label);
            key.WriteInt32(value);
        }
        key.WriteInt32(-2);
        key.WriteByteString(point.X!);
        key.WriteInt32(-3);
        key.WriteByteString(point.Y!);
        key.WriteEndMap();
        return key.Encode();
    }
}
