using System.Net;
using BlockList.Agent.Configuration;

namespace BlockList.Agent.Tests;

public sealed class ConfigurationTests
{
    private const string Good = """
        # A remark.
        [agent]
        state=state

        [server]
        address=https://lists.example:8443

        [resolver unbound]
        type=unbound
        control=unbound-control -c /etc/unbound/other.conf
        address=127.0.0.1:5353

        [list worst-of]
        resolver=unbound
        zonefile=/var/lib/unbound/worst-of.rpz
        """;

    [Fact]
    public void Everything_that_is_left_out_has_its_default_and_paths_are_relative_to_the_file()
    {
        var read = AgentConfiguration.From(IniFile.Parse("/etc/blocklist-agent/agent.ini", Good));

        Assert.Equal("/etc/blocklist-agent/state", read.StateDirectory);
        Assert.Equal(new ServerSettings(new Uri("https://lists.example:8443"), "/etc/blocklist-agent/ca.pem", "/etc/blocklist-agent/certificate.pem", "/etc/blocklist-agent/key.pem") { Renewed = Path.Combine(read.StateDirectory, "identity.pem"), Followed = read.StateDirectory }, read.Server);
        var list = Assert.Single(read.Lists);
        Assert.Equal(("worst-of", "worst-of", "/var/lib/unbound/worst-of.rpz"), (list.Id, list.Zone, list.ZoneFile));
        Assert.Equal(["unbound-control", "-c", "/etc/unbound/other.conf"], list.Resolver.Control);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:5353"), list.Resolver.Address);
    }

    [Theory]
    [InlineData("state=state", "stat=state", "agent.ini:3: \"stat\" is no setting of [agent]. It knows: hooks, metrics, neverblock, otlp, state.")]
    [InlineData("state=state", "state", "agent.ini:3: \"state\" is no setting. Write key=value")]
    [InlineData("state=state", "state=a\nstate=b", "agent.ini:4: \"state\" stands twice")]
    [InlineData("[agent]", "", "agent.ini:3: \"state\" stands before the first section")]
    [InlineData("[agent]", "[agents]", "agent.ini:2: [agents] is no section of this file")]
    [InlineData("[agent]", "[agent", "agent.ini:2: \"[agent\" is no section")]
    [InlineData("[agent]", "[agent one]", "agent.ini:2: [agent one] takes no name")]
    [InlineData("[list worst-of]", "[list]", "agent.ini:13: [list] has no name")]
    [InlineData("[list worst-of]", "[list Worst_Of]", "agent.ini:13: \"Worst_Of\" is no list")]
    [InlineData("[server]", "[server]\naddress=https://b.example\n[server]", "[server] stands twice")]
    [InlineData("https://lists.example:8443", "http://lists.example", "agent.ini:6: \"http://lists.example\" is no server address")]
    [InlineData("https://lists.example:8443", "https://lists.example/v1/", "agent.ini:6:")]
    [InlineData("address=https://lists.example:8443", "", "agent.ini:5: [server] has no \"address\"")]
    [InlineData("type=unbound", "type=djbdns", "agent.ini:9: \"djbdns\" is no resolver that this version can control. Write type= and one of: unbound, bind.")]
    [InlineData("type=unbound", "type=unbound\nchannel-above=many", "agent.ini:10: \"many\" is no number of names")]
    [InlineData("type=unbound", "type=bind\nchannel-above=5", "agent.ini:10: \"channel-above\" is no setting of [resolver unbound]")]
    [InlineData("type=unbound", "type=unbound\nsettling=601", "agent.ini:10: \"601\" is no number of seconds")]
    [InlineData("resolver=unbound", "resolver=unbound\naction=block", "agent.ini:15: \"block\" is no action")]
    [InlineData("resolver=unbound", "resolver=unbound\naction=address", "agent.ini:15: \"address\" is no action")]
    [InlineData("resolver=unbound", "resolver=unbound\naction=address 0.0.0.0", "agent.ini:15: \"address 0.0.0.0\" is no action")]
    [InlineData("resolver=unbound", "resolver=unbound\nchangewindow=nights", "agent.ini:15: \"nights\" is no day of sun, mon, tue, wed, thu, fri, sat. Write days and hours in UTC, such as changewindow=mon-fri 02:00-05:00, sat,sun 00:00-24:00")]
    [InlineData("resolver=unbound", "resolver=unbound\nchangewindow=", "agent.ini:15: \"changewindow\" has no value")]
    [InlineData("address=127.0.0.1:5353", "address=127.0.0.1", "agent.ini:11: \"127.0.0.1\" is no address of a resolver")]
    [InlineData("resolver=unbound", "resolver=other", "agent.ini:14: there is no section [resolver other]")]
    [InlineData("resolver=unbound", "resolver=unbound\nzone=a-zone-name-that-is-too-long", "agent.ini:15: \"a-zone-name-that-is-too-long\" cannot name the zone")]
    [InlineData("zonefile=/var/lib/unbound/worst-of.rpz", "", "agent.ini:13: [list worst-of] has no \"zonefile\"")]
    [InlineData("[list worst-of]", "[list other]\nresolver=unbound\nzonefile=/var/lib/unbound/worst-of.rpz\n[list worst-of]", "share the zone file /var/lib/unbound/worst-of.rpz")]
    [InlineData("[list worst-of]", "[list other]\nresolver=unbound\nzonefile=/b\nzone=worst-of\n[list worst-of]", "share the zone worst-of")]
    public void What_is_wrong_is_named_with_its_line(string right, string wrong, string says)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var file = IniFile.Parse("/etc/agent.ini", Good.Replace(right, wrong, StringComparison.Ordinal));

        var problem = Assert.Throws<ConfigurationException>(() => AgentConfiguration.From(file));

        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_BIND_with_an_action_of_its_own_is_read()
    {
        var text = Good.Replace("type=unbound\ncontrol=unbound-control -c /etc/unbound/other.conf", "type=bind", StringComparison.Ordinal) + "\naction=address 192.0.2.80 2001:db8::80\n";
        var list = Assert.Single(AgentConfiguration.From(IniFile.Parse("/etc/agent.ini", text)).Lists);

        Assert.Equal(Agent.Resolvers.ResolverType.Bind, list.Resolver.Type);
        Assert.Equal(["rndc"], list.Resolver.Control);
        Assert.Equal("address 192.0.2.80 2001:db8::80", list.Action.ToString());
    }

    [Fact]
    public void Lists_at_one_resolver_know_of_each_other()
    {
        var two = AgentConfiguration.From(IniFile.Parse("/etc/agent.ini", Good + "\n[list other]\nresolver=unbound\nzonefile=other.rpz\n")).Lists;

        Assert.Equal("other", Assert.Single(two[0].Neighbours).Id);
        Assert.Equal("worst-of", Assert.Single(two[1].Neighbours).Id);
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        var file = IniFile.Parse("/etc/agent.ini", Good.Replace("type=unbound", "typ=unbound", StringComparison.Ordinal).Replace("https:", "ftp:", StringComparison.Ordinal));

        var problem = Assert.Throws<ConfigurationException>(() => AgentConfiguration.From(file));

        Assert.Equal(3, problem.Message.Split('\n').Length);
    }
}
