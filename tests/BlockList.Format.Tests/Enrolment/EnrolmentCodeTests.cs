using System.Security.Cryptography;
using System.Text;
using BlockList.Format.Enrolment;
using Xunit;

namespace BlockList.Format.Tests.Enrolment;

public sealed class EnrolmentCodeTests
{
    private const string Written = "01234-56789-ABCDE-FGHJK-MNPQR";

    [Theory]
    [InlineData(Written)]
    [InlineData("0123456789abcdefghjkmnpqr")]
    [InlineData(" oI234 56789 abcde fghjk mnpqr ")]
    public void Code_is_read_as_people_type_it(string typed)
    {
        Assert.True(EnrolmentCode.TryParse(typed, out var code));
        Assert.Equal((Written, "01234"), (code.ToString(), code.Handle));
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes("blocklist-enrolment/1\n0123456789ABCDEFGHJKMNPQR")), code.Sha256);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("01234-56789-ABCDE-FGHJK-MNPQ")]
    [InlineData("01234-56789-ABCDE-FGHJK-MNPQRS")]
    [InlineData("01234-56789-ABCDE-FGHJK-MNPQU")]
    [InlineData("01234-56789-ABCDE-FGHJK-MNPQ\u0130")]
    public void What_is_none_is_not_read(string? typed) => Assert.False(EnrolmentCode.TryParse(typed, out _));

    [Fact]
    public void Each_byte_gives_one_sign_by_its_last_five_bits()
    {
        var code = EnrolmentCode.Of([.. Enumerable.Range(0, EnrolmentCode.Length).Select(i => (byte)(i | 0xe0))]);

        Assert.Equal("01234-56789-ABCDE-FGHJK-MNPQR", code.ToString());
        Assert.Throws<ArgumentException>(() => EnrolmentCode.Of(new byte[EnrolmentCode.Length - 1]));
    }

    [Fact]
    public void Proof_is_for_one_code_and_one_key()
    {
        Assert.True(EnrolmentCode.TryParse(Written, out var code));
        byte[] key = [1, 2, 3];

        Assert.Equal(SHA256.HashData([.. code.Sha256, .. SHA256.HashData(key)]), code.ProofFor(key));
        Assert.NotEqual(code.ProofFor(key), code.ProofFor([1, 2, 4]));
    }

    [Fact]
    public void Renewal_signs_a_line_that_says_what_it_is_and_the_request() =>
        Assert.Equal([.. "blocklist-renewal/1\n"u8, 9, 8], RenewalStatement.BytesToSign([9, 8]));
}
