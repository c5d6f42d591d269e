using System.Reflection;
using System.Xml.Linq;
using BlockList.Server.Data;
using BlockList.Server.Tests.Database;
using Xunit;

namespace BlockList.Server.Tests.House;

/// <summary>The house as compiled against the arrows of its architecture.</summary>
public sealed class ArrowTests
{
    internal static readonly ArrowTable Table = new("BlockList.Server",
        // "Floor modules (Data, Http, Access, Mail, Oversight's append) are open to every module and use none."
        Floor: ["Data", "Http", "Access", "Mail", "Oversight"],
        // "Roles, Jobs: every module; nobody uses them". Commands of development builds stand beside the roles.
        Roof: [ArrowTable.Entry, "Roles", "Jobs", "Development"],
        Arrows:
        [
            // "Program.cs: a table of contents", of roles, each of which names its jobs.
            new(ArrowTable.Entry, "Roles", "Development"),
            new("Roles", Arrow.Every, "Jobs", "Development"),
            new("Jobs", Arrow.Every),
            new("Development", Arrow.Every, "Roles"),
            // "Complaints: Curation, Names, DnsChecks, Publishing (read), Providers (read)"; the public site shows the criteria.
            new("Complaints", "Curation", "Criteria", "Names", "DnsChecks", "Publishing", "Providers"),
            // "Oversight's reports: all (read)"
            new("Oversight.Reports", Arrow.Every),
            // "StopPage: Criteria"
            new("StopPage", "Criteria"),
            // "Distribution: Publishing (read), Providers"
            new("Distribution", "Publishing", "Providers"),
            // "Publishing: Curation (read), Criteria, Names, Signing"
            new("Publishing", "Curation", "Criteria", "Names", "Signing"),
            // It derives by the same rules as the publisher, and calls none of the publisher's own work.
            new("Verifying", "Publishing", "Names", "Signing"),
            // "Curation: Criteria, Names, DnsChecks (facts)"
            new("Curation", "Criteria", "Names", "DnsChecks"),
            // "Providers: Names, DnsChecks"
            new("Providers", "Names", "DnsChecks"),
            // The role that makes certificates signs, and shares with the rest what a request is.
            new("Providers.Issuing", "Providers", "Signing"),
            // "Names, Signing, Criteria, DnsChecks: the floor only"
            new("Names"), new("Signing"), new("Criteria"), new("DnsChecks"),
        ],
        // "Curation shows what is published through Publishing's SQL view": this is the view's row.
        Exceptions: [("Curation", "Publishing.PublishedEntry")]);

    /// <summary>Writes to the tables of another module, each with its reason; every other one is forbidden.</summary>
    private static readonly string[] AllowedWrites =
    [
        // "Per list, schedules are business rows": the curation role owns them, the publisher only reads.
        "Curation.SetSchedule writes publishing.schedule",
    ];

    private static readonly string[] BannedSuffixes = ["Manager", "Helper", "Util", "Repository", "Dto", "Impl", "Service"];

    private static readonly Assembly Server = typeof(BlockListDb).Assembly;

    /// <summary>Format, server, agent, tools and these tests.</summary>
    public static TheoryData<string> Assemblies => ["BlockList.Format", "blocklist", "blocklist-agent", "blocklist-tools", "BlockList.Server.Tests"];

    [Fact]
    public void No_module_uses_another_that_the_architecture_does_not_let_it_use() => FailOn(Table.OffendersIn(CompiledCode.UsesOf(Server)));

    [Fact]
    public void No_module_writes_the_tables_of_another() => FailOn(TableWrites.OffendersIn(Server, Table, MappedModel.Read()).Except(AllowedWrites));

    [Fact]
    public void Entities_live_in_the_module_whose_tables_they_are()
    {
        var strangers = MappedModel.Read().GetEntityTypes().Where(entity => !string.Equals(MappedModel.RelationOf(entity).Schema, Table.ModuleOf(entity.ClrType), StringComparison.OrdinalIgnoreCase));

        FailOn(strangers.Select(entity => $"{Table.NameOf(entity.ClrType)} is mapped to {MappedModel.RelationOf(entity).Schema}"));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_type_has_a_name_that_says_nothing(string assembly) =>
        Assert.DoesNotContain(Assembly.Load(assembly).GetTypes().Where(CompiledCode.IsWritten),
            type => BannedSuffixes.Any(suffix => type.Name.Split('`')[0].EndsWith(suffix, StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_namespace_is_a_drawer_for_anything(string assembly) =>
        Assert.DoesNotContain(Assembly.Load(assembly).GetTypes(), type => (type.Namespace ?? "").Split('.').Any(part => part is "Common" or "Shared"));

    [Theory]
    [InlineData("src/BlockList.Format", "")]
    [InlineData("src/BlockList.Agent", "BlockList.Format")]
    [InlineData("src/BlockList.Server", "BlockList.Format")]
    [InlineData("tools/BlockList.Tools", "BlockList.Agent BlockList.Format BlockList.Server")]
    public void Project_refers_to_these_projects_alone(string project, string expected) =>
        Assert.Equal(expected, string.Join(' ', ItemsOf(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order(StringComparer.Ordinal)));

    [Fact]
    public void Agent_is_compiled_without_anything_of_the_server() =>
        Assert.DoesNotContain(Server.GetName().Name, Assembly.Load("blocklist-agent").GetReferencedAssemblies().Select(reference => reference.Name));

    [Fact]
    public void Format_refers_to_nothing_but_the_base_libraries()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        Assert.Empty(ItemsOf("src/BlockList.Format", "PackageReference").Concat(ItemsOf("src/BlockList.Format", "FrameworkReference")));
        Assert.All(typeof(Format.Serial).Assembly.GetReferencedAssemblies(), reference => Assert.True(File.Exists(Path.Combine(runtime, reference.Name + ".dll")), reference.Name));
    }

    [Fact]
    public void Format_asks_no_clock_and_touches_no_network_file_or_database() => FailOn(OutsideWorld.UsesIn(typeof(Format.Serial).Assembly));

    /// <summary>Shows every offender, however many there are.</summary>
    private static void FailOn(IEnumerable<string> offenders)
    {
        if (offenders.ToArray() is { Length: > 0 } found) Assert.Fail(string.Join(Environment.NewLine, found));
    }

    private static IEnumerable<string> ItemsOf(string project, string item)
    {
        var path = Path.Combine(SourceTree.Root, project, Path.GetFileName(project) + ".csproj");
        return XDocument.Load(path).Descendants(item).Select(element => element.Attribute("Include")!.Value);
    }
}
