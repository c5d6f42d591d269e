using Xunit;

namespace BlockList.Format.Tests;

public sealed class SerialTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2_147_483_647)]
    public void Numbers_below_two_to_the_31_are_serials(long value)
    {
        Assert.True(Serial.TryCreate(value, out var serial));
        Assert.Equal(value, serial.Value);
        Assert.Equal(serial, Serial.Create(value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2_147_483_648)]
    [InlineData(4_294_967_297)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Other_numbers_are_none(long value)
    {
        Assert.False(Serial.TryCreate(value, out var serial));
        Assert.Equal(default, serial);
        Assert.Throws<ArgumentOutOfRangeException>(() => Serial.Create(value));
    }

    [Fact]
    public void The_last_serial_has_no_next_one()
    {
        Assert.Equal(Serial.Create(int.MaxValue), Serial.Create(int.MaxValue - 1).Next());
        Assert.Throws<InvalidOperationException>(() => Serial.Create(int.MaxValue).Next());
    }

    [Fact]
    public void Serials_are_ordered_and_printed_as_numbers()
    {
        var (one, ten) = (Serial.First, Serial.Create(10));

        Assert.Equal("1", one.ToString());
        Assert.Equal("10", ten.ToString());
        Assert.True(one < ten && ten > one && one <= ten && ten >= one);
        Assert.Equal([one, Serial.Create(9), ten], new[] { ten, one, Serial.Create(9) }.Order());
    }
}
