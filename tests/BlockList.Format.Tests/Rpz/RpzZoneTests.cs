using System.Text;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;
using BlockList.Format.Tests.Lists;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Rpz;

public sealed class RpzZoneTests
{
    private const string Head = "$TTL 300\n@ SOA localhost. hostmaster.localhost. 7 3600 600 86400 300\n@ NS localhost.\n";
    private static readonly Serial Seven = Serial.Create(7);
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(400).WithQuietOnSuccess(true).WithReplay(20_260_107, 7);

    [Fact]
    public void A_whole_name_has_two_rules_and_a_host_has_one() => Assert.Equal(
        Head + "www.a.example CNAME .\nb.example CNAME .\n*.b.example CNAME .\n",
        Zone(GeneratedLists.Of("b.example", "=www.a.example")));

    [Fact]
    public void A_host_beside_its_whole_name_adds_nothing()
    {
        var both = GeneratedLists.Of("b.example", "=b.example", "=www.b.example");

        Assert.Equal(Head + "www.b.example CNAME .\nb.example CNAME .\n*.b.example CNAME .\n", Zone(both));
        // Below a whole name a host of its own keeps its rule: the whole name may go and the host stay.
        Assert.Equal(["=www.b.example", "b.example"], RpzZone.Enforceable(both).Lines);
        Assert.Equal(["=www.b.example", "b.example"], Read(Zone(both)).Enforced.Lines);
    }

    [Fact]
    public void The_empty_list_is_a_zone_without_rules()
    {
        Assert.Equal(Head, Zone(ListFile.Empty));
        Assert.Equal(0, Read(Head).Enforced.Count);
    }

    [Fact]
    public void The_zone_read_back_enforces_the_list_under_its_serial() =>
        Prop.ForAll(GeneratedLists.List.ToArbitrary(), Gen.Choose(1, int.MaxValue).ToArbitrary(), (list, number) =>
        {
            var serial = Serial.Create(number);
            var (readSerial, enforced) = Read(Zone(list, serial));
            return readSerial == serial
                && enforced.Lines.SequenceEqual(RpzZone.Enforceable(list).Lines)
                && enforced.Lines.SequenceEqual(list.Lines.Where(line => !line.StartsWith('=') || !list.Lines.Contains(line[1..])))
                && Zone(enforced, serial) == Zone(list, serial);
        }).Check(Runs);

    [Fact]
    public void A_zone_cut_at_any_byte_is_refused_or_enforces_another_list()
    {
        var list = GeneratedLists.Of("=a.example", "b.example", "c.example");
        var zone = Encoding.ASCII.GetBytes(Zone(list));
        var refused = 0;
        for (var cut = 0; cut < zone.Length; cut++)
        {
            try
            {
                // Between two lines a shorter zone is a zone; whoever reads it back compares the lists.
                Assert.NotEqual(list.Lines, RpzZone.Read(new MemoryStream(zone, 0, cut)).Enforced.Lines);
                Assert.Equal((byte)'\n', zone[cut - 1]);
            }
            catch (MalformedDocumentException)
            {
                refused++;
            }
        }
        // All cuts but those behind the head, behind a host, between the whole names, and behind the first name's own rule; behind the
        // second one's it would be a host that does not stand in its order.
        Assert.Equal(zone.Length - 4, refused);
    }

    [Fact]
    public void A_byte_changed_anywhere_is_refused_or_enforces_another_list_or_serial()
    {
        var list = GeneratedLists.Of("=a.example", "b.example");
        var zone = Encoding.ASCII.GetBytes(Zone(list));
        for (var at = 0; at < zone.Length; at++)
        {
            foreach (var value in "\0\t\n\r \"$*-./019;=@AZ\\az~\u007f\u0080\u00ff".Select(c => (byte)c).Append((byte)(zone[at] ^ 0x20)))
            {
                if (zone[at] == value) continue;
                var changed = zone.ToArray();
                changed[at] = value;
                try
                {
                    var (serial, enforced) = RpzZone.Read(new MemoryStream(changed));
                    Assert.False(serial == Seven && enforced.Lines.SequenceEqual(list.Lines), $"byte {at} may be {value}");
                }
                catch (MalformedDocumentException)
                {
                    // As it should be.
                }
            }
        }
    }

    [Theory]
    [InlineData("*.b.example CNAME .\n", "a rule covers what is below a name and not the name")]
    [InlineData("a.example CNAME .\n*.b.example CNAME .\n", "a rule covers what is below a name and not the name")]
    [InlineData("b.example CNAME .\nb.example CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("b.example CNAME .\n*.b.example CNAME .\n*.b.example CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("b.example CNAME *.\n", "a rule of the zone is cut off or unknown")]
    [InlineData("b.example CNAME rpz-passthru.\n", "a rule of the zone is cut off or unknown")]
    [InlineData("b.example A 192.0.2.1\n", "a rule of the zone is cut off or unknown")]
    [InlineData("b.example CNAME .\r\n", "a rule of the zone is cut off or unknown")]
    [InlineData("b.example CNAME .\r*.b.example CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("b.example CNAME . \n", "a rule of the zone is cut off or unknown")]
    [InlineData("b.example CNAME . ; comment\n", "a rule of the zone is cut off or unknown")]
    [InlineData("; comment\n", "a rule of the zone is cut off or unknown")]
    [InlineData("\n", "a rule of the zone is cut off or unknown")]
    [InlineData(" CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("@ CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("* CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("*. CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("*.*.b.example CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("example CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("b.example. CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("B.example CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("=b.example CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("b.example 300 CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("b.example CNAME . CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("32.1.2.0.192.rpz-ip CNAME .\n$INCLUDE x CNAME .\n", "a rule of the zone is for no name, or stands twice")]
    [InlineData("b.example CNAME .", "the zone does not end with a line end; it is cut off")]
    public void Rules_that_are_never_written_are_refused(string rules, string problem) => Refused(problem, Head + rules);

    [Fact]
    public void A_line_longer_than_any_rule_is_refused_before_it_is_read_to_its_end()
    {
        using var endless = new MemoryStream([.. Encoding.ASCII.GetBytes(Head), .. Enumerable.Repeat((byte)'a', 10_000_000)]);
        Assert.Equal("a line of the zone is longer than any that is written", Assert.Throws<MalformedDocumentException>(() => RpzZone.Read(endless)).Message);
        Assert.True(endless.Position < 1_000_000);
    }

    [Theory]
    [InlineData("the zone does not begin with its TTL", "$TTL 300", "$TTL 301")]
    [InlineData("the zone does not begin with its TTL", "$TTL 300", "\ufeff$TTL 300")]
    [InlineData("the zone does not begin with its TTL", "$TTL 300\n", "")]
    [InlineData("the zone does not begin with its TTL", "$TTL 300\n", "$TTL 300\r\n")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " 0 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " 07 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " +7 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " 7\0 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " -7 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " 2147483648 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " 4294967303 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", "  7 ")]
    [InlineData("the zone has no SOA with a serial", " 7 ", " ( 7 ")]
    [InlineData("the zone has no SOA with a serial", "hostmaster.localhost.", "hostmaster.other.")]
    [InlineData("the zone has no SOA with a serial", "86400 300", "1 300")]
    [InlineData("the zone has no SOA with a serial", "86400 300", "86400 0")]
    [InlineData("the zone has no SOA with a serial", "@ SOA", "b.example SOA")]
    [InlineData("the zone has no SOA with a serial", "@ SOA localhost. hostmaster.localhost. 7 3600 600 86400 300\n", "")]
    [InlineData("the zone has no NS", "@ NS localhost.\n", "")]
    [InlineData("the zone has no NS", "@ NS localhost.", "@ NS other.")]
    public void Another_head_is_refused(string problem, string from, string to) =>
        Refused(problem, Head.Replace(from, to, StringComparison.Ordinal) + "b.example CNAME .\n*.b.example CNAME .\n");

    [Fact]
    public void The_last_serial_is_written_and_read() => Assert.Equal(int.MaxValue, Read(Zone(ListFile.Empty, Serial.Create(int.MaxValue))).Serial.Value);

    [Fact]
    public void The_longest_name_is_written_and_read()
    {
        var label = new string('a', 63);
        var list = GeneratedLists.Of($"{label}.{label}.{label}.{new string('a', 34)}.example");
        Assert.Equal(list.Lines, Read(Zone(list)).Enforced.Lines);
    }

    private static string Zone(ListFile list, Serial? serial = null)
    {
        using var output = new MemoryStream();
        RpzZone.Write(output, list, serial ?? Seven);
        return Encoding.ASCII.GetString(output.ToArray());
    }

    private static (Serial Serial, ListFile Enforced) Read(string zone) => RpzZone.Read(new MemoryStream(Encoding.UTF8.GetBytes(zone)));

    private static void Refused(string problem, string zone) =>
        Assert.Equal(problem, Assert.Throws<MalformedDocumentException>(() => Read(zone)).Message);
}
