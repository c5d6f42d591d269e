using BlockList.Tools.Development;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class NodeProgramTests
{
    [Theory]
    [InlineData("18.20.4", false)]
    [InlineData("20.16.0", false)]
    [InlineData("20.17.0", true)]
    [InlineData("21.7.3", false)]
    [InlineData("22.8.0", false)]
    [InlineData("22.9.0", true)]
    [InlineData("23.0.0", true)]
    public void A_node_suffices_by_the_clients_own_rule(string version, bool suffices)
    {
        Assert.Equal(suffices, NodeProgram.Suffices(Version.Parse(version)));
    }
}
