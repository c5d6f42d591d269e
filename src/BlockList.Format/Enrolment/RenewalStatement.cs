namespace BlockList.Format.Enrolment;

/// <summary>What the key of a certificate signs to let another key take over from it.</summary>
public static class RenewalStatement
{
    private static ReadOnlySpan<byte> Prefix => "blocklist-renewal/1\n"u8;

    /// <summary>The bytes to sign: a line that says what they are, then the certification request (RFC 2986) in DER. ECDSA signatures are
    /// DER sequences, RSA signatures PKCS #1 v1.5; both with SHA-256.</summary>
    public static byte[] BytesToSign(ReadOnlySpan<byte> request) => [.. Prefix, .. request];
}
