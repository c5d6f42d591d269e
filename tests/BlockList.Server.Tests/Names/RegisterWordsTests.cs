using BlockList.Server.Names.Register;
using Xunit;

namespace BlockList.Server.Tests.Names;

public sealed class RegisterWordsTests
{
    [Theory]
    [InlineData(RegisterSource.Critical, 1, "critical service")]
    [InlineData(RegisterSource.Critical, 2, "critical services")]
    [InlineData(RegisterSource.Critical, 0, "critical services")]
    [InlineData(RegisterSource.Proven, 3, "proven by their owners")]
    [InlineData(RegisterSource.TopSites, 1, "most visited site")]
    [InlineData(RegisterSource.Hand, 2, "entered by hand")]
    internal void Source_behind_a_number_is_in_its_number(RegisterSource source, int rows, string words) => Assert.Equal(words, RegisterWords.Counted(source, rows));
}
