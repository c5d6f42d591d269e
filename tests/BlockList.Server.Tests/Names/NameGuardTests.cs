using BlockList.Format.Names;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Xunit;

namespace BlockList.Server.Tests.Names;

public class NameGuardTests
{
    private static readonly Guid Critical = new("0192aaaa-0000-7000-8000-000000000001");
    private static readonly NameGuard Guard = new(PublicSuffixes.BuiltIn, SampleRegister());

    [Theory]
    [InlineData("co.uk", Scope.Domain, "ICANN")]
    [InlineData("co.uk", Scope.Host, "ICANN")]
    [InlineData("github.io", Scope.Domain, "PRIVATE")]
    [InlineData("github.io", Scope.Host, "PRIVATE")]
    [InlineData("kobe.jp", Scope.Domain, "ICANN")]
    [InlineData("c.kobe.jp", Scope.Domain, "ICANN")]
    [InlineData("公司.cn", Scope.Domain, "ICANN")]
    public void A_public_suffix_is_refused_with_its_section_and_a_name_below_it(string text, Scope scope, string section)
    {
        var name = Name(text);
        var refuse = Assert.IsType<GuardVerdict.Refuse>(Guard.Check(name, scope));
        Assert.Equal("public-suffix", refuse.Problem.Code);
        Assert.Contains($"{section} section", refuse.Problem.Message, StringComparison.Ordinal);
        Assert.Contains($"bad.{name.Ascii}", refuse.Problem.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bad.example", Scope.Domain)]
    [InlineData("a.bad.example", Scope.Domain)]
    [InlineData("bad.co.uk", Scope.Domain)]
    [InlineData("city.kobe.jp", Scope.Domain)]
    [InlineData("bad.c.kobe.jp", Scope.Domain)]
    [InlineData("bad.github.io", Scope.Host)]
    [InlineData("notcritical.example", Scope.Domain)]
    [InlineData("site.exampl", Scope.Domain)]
    public void A_name_that_nothing_speaks_for_is_clear(string text, Scope scope) => Assert.IsType<GuardVerdict.Clear>(Guard.Check(Name(text), scope));

    [Theory]
    [InlineData("bad.github.io", "shared-hosting")]
    [InlineData("a.bad.github.io", "shared-hosting")]
    [InlineData("bad.ddns.net", "dynamic-dns")]
    [InlineData("amazonaws.com", "suffix-below")]
    public void Shared_hosting_and_dynamic_dns_narrow_to_the_host_and_say_which_they_are(string text, string code)
    {
        var narrowed = Assert.IsType<GuardVerdict.HostOnly>(Guard.Check(Name(text), Scope.Domain));
        Assert.Equal(code, narrowed.Problem.Code);
        Assert.Contains("scope host", narrowed.Problem.Fix, StringComparison.Ordinal);
        Assert.IsNotType<GuardVerdict.HostOnly>(Guard.Check(Name(text), Scope.Host));
        Assert.IsNotType<GuardVerdict.Refuse>(Guard.Check(Name(text), Scope.Host));
    }

    [Theory]
    [InlineData("portal.example", "own-host")]
    [InlineData("x.portal.example", "own-host")]
    [InlineData("isp.example", "proven-host")]
    [InlineData("mail.isp.example", "proven-host")]
    [InlineData("www.mail.isp.example", "proven-host")]
    public void Own_and_proven_hosts_and_what_is_below_them_are_refused(string text, string code)
    {
        foreach (var scope in new[] { Scope.Domain, Scope.Host })
        {
            var refuse = Assert.IsType<GuardVerdict.Refuse>(Guard.Check(Name(text), scope));
            Assert.Equal(code, refuse.Problem.Code);
            Assert.NotNull(refuse.Source);
        }
    }

    [Fact]
    public void A_domain_above_a_proven_host_is_refused_with_scope_domain_and_free_with_scope_host()
    {
        var refuse = Assert.IsType<GuardVerdict.Refuse>(Guard.Check(Name("above.example"), Scope.Domain));
        Assert.Contains("proven.above.example, which lies below above.example", refuse.Problem.Message, StringComparison.Ordinal);
        var warned = Assert.IsType<GuardVerdict.Warn>(Guard.Check(Name("above.example"), Scope.Host));
        Assert.Equal("known-below", warned.Problem.Code);
        Assert.IsType<GuardVerdict.Clear>(Guard.Check(Name("beside.above.example"), Scope.Domain));
    }

    [Theory]
    [InlineData("critical.example", Scope.Host, RegisterSources.Critical, RowPlace.At, 0)]
    [InlineData("www.critical.example", Scope.Host, RegisterSources.Critical, RowPlace.Above, 0)]
    [InlineData("site.example", Scope.Host, RegisterSources.TopSites, RowPlace.At, 8)]
    [InlineData("en.site.example", Scope.Domain, RegisterSources.TopSites, RowPlace.Above, 8)]
    [InlineData("hand.example", Scope.Domain, RegisterSources.Hand | RegisterSources.TopSites, RowPlace.At, 0)]
    [InlineData("many.example", Scope.Domain, RegisterSources.Critical | RegisterSources.TopSites, RowPlace.Below, 0)]
    public void Critical_services_sites_and_hand_entries_need_an_override_of_all_that_match(string text, Scope scope, object sources, object place, int rank)
    {
        var needs = Assert.IsType<GuardVerdict.NeedsOverride>(Guard.Check(Name(text), scope));
        Assert.Equal((sources, place, rank), (needs.Match.Sources, needs.Match.Place, needs.Match.Gravest.Rank));
        Assert.Contains("release officer", needs.Problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_decision_that_brought_a_row_is_named() =>
        Assert.Equal(Critical, Assert.IsType<GuardVerdict.NeedsOverride>(Guard.Check(Name("critical.example"), Scope.Host)).Match.Gravest.Origin);

    [Fact]
    public void What_lies_below_is_counted_and_the_gravest_is_shown()
    {
        var needs = Assert.IsType<GuardVerdict.NeedsOverride>(Guard.Check(Name("many.example"), Scope.Domain));
        Assert.Equal((3, "pay.many.example"), (needs.Match.NamesBelow, needs.Match.GravestBelow.Name));
        Assert.Contains("and 2 names more", needs.Problem.Message, StringComparison.Ordinal);
    }

    /// <summary>A hoster is itself among the most visited sites; that makes none of its customers one.</summary>
    [Fact]
    public void A_company_in_the_register_protects_no_name_that_it_gave_out()
    {
        Assert.IsType<GuardVerdict.Clear>(Guard.Check(Name("bad.blogspot.com"), Scope.Host));
        Assert.IsType<GuardVerdict.Refuse>(Guard.Check(Name("blogspot.com"), Scope.Host));
    }

    [Fact]
    public void An_empty_register_says_so()
    {
        Assert.True(NeverBlockRegister.Empty.HasNoSites);
        Assert.False(Guard.Register.HasNoSites);
        Assert.IsType<GuardVerdict.Clear>(new NameGuard(PublicSuffixes.BuiltIn, NeverBlockRegister.Empty).Check(Name("site.example"), Scope.Domain));
    }

    internal static NeverBlockRegister SampleRegister()
    {
        var (sites, rows) = (new NameTable.Builder(), new NameTable.Builder());
        sites.Add("site.example", RegisterSource.TopSites, 8, 0);
        sites.Add("blogspot.com", RegisterSource.TopSites, 50, 0);
        sites.Add("hand.example", RegisterSource.TopSites, 900, 0);
        sites.Add("a.many.example", RegisterSource.TopSites, 901, 0);
        sites.Add("b.many.example", RegisterSource.TopSites, 902, 0);
        rows.Add("pay.many.example", RegisterSource.Critical, 0, 1);
        rows.Add("critical.example", RegisterSource.Critical, 0, 1);
        rows.Add("hand.example", RegisterSource.Hand, 0, 1);
        rows.Add("isp.example", RegisterSource.Proven, 0, 1);
        rows.Add("proven.above.example", RegisterSource.Proven, 0, 1);
        rows.Add("portal.example", RegisterSource.Own, 0, 1);
        return new NeverBlockRegister(sites.Build(), rows.Build(), [Guid.Empty, Critical]);
    }

    private static DomainName Name(string text) =>
        DomainName.TryParse(text, out var name, out var problem) ? name : throw new ArgumentException(problem.Message, nameof(text));
}
