using BlockList.Format.Names;
using BlockList.Server.Names;
using Xunit;

namespace BlockList.Server.Tests.Names;

public class NameGuardTests
{
    private static readonly NameGuard Guard = new(PublicSuffixes.BuiltIn);

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
    [InlineData("bad.example")]
    [InlineData("a.bad.example")]
    [InlineData("bad.co.uk")]
    [InlineData("bad.github.io")]
    [InlineData("city.kobe.jp")]
    [InlineData("bad.c.kobe.jp")]
    public void A_name_below_a_public_suffix_is_clear(string text)
    {
        Assert.IsType<GuardVerdict.Clear>(Guard.Check(Name(text), Scope.Domain));
        Assert.IsType<GuardVerdict.Clear>(Guard.Check(Name(text), Scope.Host));
    }

    private static DomainName Name(string text) =>
        DomainName.TryParse(text, out var name, out var problem) ? name : throw new ArgumentException(problem.Message, nameof(text));
}
