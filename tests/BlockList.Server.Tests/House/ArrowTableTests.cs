using System.Reflection;
using BlockList.Server.Tests.Database;
using BlockList.Server.Tests.House.Samples.Above;
using Xunit;

namespace BlockList.Server.Tests.House;

/// <summary>The checks of <see cref="ArrowTests"/> can fail: here they are given what they must find.</summary>
public sealed class ArrowTableTests
{
    private static readonly ArrowTable Samples = new("BlockList.Server.Tests.House.Samples", Floor: [], Roof: [], Arrows: [new("Above"), new("Below")], Exceptions: []);

    private static readonly TypeUse[] Uses = [.. CompiledCode.UsesOf(typeof(ArrowTableTests).Assembly)];

    [Fact]
    public void Every_way_to_use_a_type_is_found()
    {
        var ways = typeof(Ways).GetNestedTypes(BindingFlags.NonPublic).Where(type => type != typeof(Ways.None)).Select(type => $"Above.Ways.{type.Name}");

        var users = Samples.OffendersIn(Uses).Select(offence => offence.Split(" uses Below.Thing")[0]);

        Assert.Equal(ways.Order(StringComparer.Ordinal), users.Distinct());
    }

    [Fact]
    public void Allowed_arrow_is_no_offence_and_its_reverse_still_is()
    {
        Assert.Empty((Samples with { Arrows = [new("Above", "Below"), new("Below")] }).OffendersIn(Uses));
        Assert.NotEmpty((Samples with { Arrows = [new("Above"), new("Below", "Above")] }).OffendersIn(Uses));
    }

    [Fact]
    public void Floor_is_open_to_all_and_may_use_nothing_above_it()
    {
        Assert.Empty((Samples with { Floor = ["Below"], Arrows = [new("Above")] }).OffendersIn(Uses));
        Assert.NotEmpty((Samples with { Floor = ["Above"], Arrows = [new("Below")] }).OffendersIn(Uses));
    }

    [Fact]
    public void Whoever_may_use_every_module_may_not_use_the_roof()
    {
        var everything = Samples with { Arrows = [new("Above", Arrow.Every), new("Below")] };

        Assert.Empty(everything.OffendersIn(Uses));
        Assert.NotEmpty((everything with { Roof = ["Below"] }).OffendersIn(Uses));
    }

    [Fact]
    public void Exception_covers_its_type_alone()
    {
        var offenders = (Samples with { Exceptions = [("Above", "Below.Thing")] }).OffendersIn(Uses);

        Assert.Contains("Above.Ways.Interface uses Below.Thing.IMark", offenders);
        Assert.DoesNotContain(offenders, offence => offence.EndsWith("uses Below.Thing", StringComparison.Ordinal));
    }

    [Fact]
    public void Module_without_a_row_is_an_offence() =>
        Assert.Contains("Below.Thing is in Below, which is no module of the table", (Samples with { Arrows = [new("Above", "Below")] }).OffendersIn(Uses));

    [Fact]
    public void Arrow_of_the_server_that_its_table_forbids_is_reported()
    {
        var table = ArrowTests.Table with { Arrows = [.. ArrowTests.Table.Arrows.Where(arrow => arrow.From != "Publishing"), new("Publishing", "Curation", "Criteria", "Names")] };

        Assert.Contains("Publishing.SignMetadata uses Signing.ListKeys", table.OffendersIn(CompiledCode.UsesOf(typeof(Data.BlockListDb).Assembly)));
    }

    [Fact]
    public void Context_may_map_a_module_in_its_own_part_alone()
    {
        var use = new TypeUse(typeof(Data.BlockListDb), "MapCuration", typeof(Server.Curation.Episode));

        Assert.Empty(ArrowTests.Table.OffendersIn([use]));
        Assert.Equal(["Data.BlockListDb uses Curation.Episode"], ArrowTests.Table.OffendersIn([use with { Member = "MapNames" }]));
        Assert.Equal(["Data.BlockListDb uses Curation.Episode"], ArrowTests.Table.OffendersIn([use with { Member = "OnModelCreating" }]));
    }

    [Fact]
    public void Write_to_a_table_of_another_module_is_reported()
    {
        var offenders = TableWrites.OffendersIn(typeof(Data.BlockListDb).Assembly, ArrowTests.Table with { Root = "BlockList" }, MappedModel.Read());

        // With every module taken for one that is called Server, each has strangers' tables.
        Assert.Contains("Server.Curation.SetSchedule writes publishing.schedule", offenders);
        Assert.Contains("Server.Publishing.CommitMetadata writes publishing.head", offenders);
        Assert.Contains("Server.Providers.RevokeCertificate writes providers.certificate", offenders);
        Assert.Contains("Server.Curation.StoreEpisodes writes curation.episode", offenders);
    }

    [Fact]
    public void Clock_file_and_network_are_found_where_they_are_used()
    {
        var uses = OutsideWorld.UsesIn(Assembly.Load("blocklist-agent"));

        Assert.Contains(uses, use => use.EndsWith("uses System.TimeProvider", StringComparison.Ordinal));
        Assert.Contains(uses, use => use.EndsWith("uses System.IO.File", StringComparison.Ordinal));
        Assert.Contains(uses, use => use.EndsWith("uses System.Net.Http.HttpClient", StringComparison.Ordinal));
    }
}
