using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Signatures;
using BlockList.Format.Tests.Fixtures;
using Xunit;

namespace BlockList.Format.Tests.Signatures;

/// <summary>The real <c>ssh-keygen -Y verify</c> decides. It refuses a number that begins with a needless zero, as one
/// signature in 128 would, or that lacks the zero that keeps it positive, as three in four would.</summary>
public sealed class SshSignatureTests : IDisposable
{
    private const string Namespace = "blocklist-manifest";
    private const string Principal = "publisher@operator.example";
    private static readonly BigInteger Order =
        BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly string program = Prerequisite.Program("ssh-keygen", "openssh-client");
    private readonly string folder = Directory.CreateTempSubdirectory("bl-ssh-").FullName;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int files;

    public SshSignatureTests() => File.WriteAllText(SignersFile, SshSignature.AllowedSigner(Principal, key, Namespace));

    private string SignersFile => Path.Combine(folder, "allowed_signers");

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_hundred_signatures_verify()
    {
        for (var i = 0; i < 100; i++)
        {
            var file = Encoding.ASCII.GetBytes($"version: {i}\n");
            var signature = key.SignData(SshSignature.BytesToSign(Namespace, file), HashAlgorithmName.SHA256);
            Assert.Null(Problem(file, SshSignature.Armour(key, Namespace, signature)));
        }
    }

    [Theory]
    [InlineData(0, false, 0x00, 0x7f)]
    [InlineData(0, false, 0x00, 0xff)]
    [InlineData(32, false, 0x00, 0x7f)]
    [InlineData(32, false, 0x00, 0xff)]
    [InlineData(0, true, 0x01, 0x7f)]
    [InlineData(0, true, 0x80, 0xff)]
    [InlineData(32, true, 0x01, 0x7f)]
    [InlineData(32, true, 0x80, 0xff)]
    public void A_number_that_begins_with_a_zero_or_with_a_sign_bit_verifies(int at, bool first, int from, int to)
    {
        // The byte that shapes the number: the first one, or the one behind a zero.
        var file = "count: 0\n"u8.ToArray();
        var signature = SignUntil(file, s => first ? s[at] >= from && s[at] <= to : s[at] == 0 && s[at + 1] >= (to == 0xff ? 0x80 : 1) && s[at + 1] <= to);

        Assert.Null(Problem(file, SshSignature.Armour(key, Namespace, signature)));
    }

    [Fact]
    public void Another_file_namespace_key_or_signature_does_not_verify()
    {
        var file = "count: 0\n"u8.ToArray();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = key.SignData(SshSignature.BytesToSign(Namespace, file), HashAlgorithmName.SHA256);
        var changed = signature.ToArray();
        changed[40] ^= 1;

        Assert.Null(Problem(file, SshSignature.Armour(key, Namespace, signature)));
        Assert.NotNull(Problem("count: 1\n"u8.ToArray(), SshSignature.Armour(key, Namespace, signature)));
        Assert.NotNull(Problem(file, SshSignature.Armour(key, "file", signature)));
        Assert.NotNull(Problem(file, SshSignature.Armour(other, Namespace, signature)));
        Assert.NotNull(Problem(file, SshSignature.Armour(key, Namespace, changed)));
    }

    [Fact]
    public void A_signature_of_another_length_is_an_error_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => SshSignature.Armour(key, Namespace, new byte[63]));
        Assert.Throws<ArgumentException>(() => SshSignature.Armour(key, Namespace, new byte[65]));
        Assert.Throws<ArgumentException>(() => SshSignature.Armour(key, Namespace, key.SignData("x"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
    }

    [Fact]
    public void The_armour_has_lines_that_every_reader_takes()
    {
        var armour = SshSignature.Armour(key, Namespace, key.SignData(SshSignature.BytesToSign(Namespace, [1]), HashAlgorithmName.SHA256));

        var lines = armour.Split('\n');
        Assert.Equal("-----BEGIN SSH SIGNATURE-----", lines[0]);
        Assert.Equal(["-----END SSH SIGNATURE-----", ""], lines[^2..]);
        Assert.All(lines[1..^3], line => Assert.Equal(70, line.Length));
        Assert.DoesNotContain('\r', armour);
    }

    /// <summary>What ssh-keygen says against it, or null.</summary>
    private string? Problem(byte[] file, string armour)
    {
        var path = Path.Combine(folder, (files++).ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(path, armour);
        var (exit, _, error) = RunProgram.Run(program, ["-Y", "verify", "-f", SignersFile, "-I", Principal, "-n", Namespace, "-s", path], file);
        return exit == 0 ? null : "ssh-keygen: " + error;
    }

    /// <summary>Signs with nonces of its own until the signature looks as wanted: r is the x coordinate of a fresh key.</summary>
    private byte[] SignUntil(byte[] file, Func<byte[], bool> wanted)
    {
        var hash = Number(SHA256.HashData(SshSignature.BytesToSign(Namespace, file)));
        var secret = Number(key.ExportParameters(includePrivateParameters: true).D!);
        while (true)
        {
            using var nonce = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var parameters = nonce.ExportParameters(includePrivateParameters: true);
            var r = Number(parameters.Q.X!) % Order;
            var s = BigInteger.ModPow(Number(parameters.D!), Order - 2, Order) * (hash + (r * secret)) % Order;
            foreach (var either in new[] { s, Order - s })
            {
                byte[] signature = [.. Bytes(r), .. Bytes(either)];
                if (wanted(signature)) return signature;
            }
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
