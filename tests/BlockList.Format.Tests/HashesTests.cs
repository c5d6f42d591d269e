using Xunit;

namespace BlockList.Format.Tests;

public sealed class HashesTests
{
    [Fact]
    public void The_published_hashes_come_out()
    {
        // FIPS 180-4 examples.
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hashes.Sha256([]));
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Hashes.Sha256("abc"u8));
    }

    [Theory]
    [InlineData(true, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(false, "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(false, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData(false, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015add")]
    [InlineData(false, "ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(false, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\n")]
    [InlineData(false, "")]
    [InlineData(false, null)]
    public void Only_64_lower_case_digits_have_the_shape_of_one(bool expected, string? text) => Assert.Equal(expected, Hashes.IsSha256(text));
}
