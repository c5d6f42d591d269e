using FsCheck;
using FsCheck.Fluent;

namespace BlockList.Agent.Tests.Enforcing;

/// <summary>What a change window may do to a filter, for every chain of versions of nested names.</summary>
public sealed class ChangeWaitProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true).WithReplay(20_261_122, 5);

    /// <summary>Names below each other, as many as matter.</summary>
    private static readonly string[] Names = ["a.example", "b.a.example", "c.b.a.example", "d.example", "e.d.example", "f.example"];

    private static readonly Arbitrary<List<(string[] Lines, bool Open)>> Chains = (
        from lines in Gen.SubListOf(Names.SelectMany(n => new[] { n, "=" + n }))
        from open in Gen.Elements(true, false, false)
        select (lines.ToArray(), open)).ListOf().Resize(8).Select(versions => versions.ToList()).ToArbitrary();

    [Fact]
    public void A_closed_window_blocks_what_was_blocked_and_is_listed_still_and_an_open_one_the_list() => Prop.ForAll(Chains, versions =>
    {
        var chain = new VersionChain().Publish(Names);
        var before = Blocked(chain.Apply().List.Lines);
        foreach (var (lines, open) in versions)
        {
            chain.WindowIsOpen = open;
            // The brakes of a list so short stop nothing but its end, which is not looked at here.
            var enforced = Blocked(chain.Publish([.. lines, "z.example"]).Apply().List.Lines);
            var listed = Blocked(chain.Signed.Lines);
            if (!enforced.SetEquals(open ? listed : listed.Intersect(before)) || !Blocked(chain.Apply().List.Lines).SetEquals(enforced)) return false;
            before = enforced;
        }
        return true;
    }).Check(Runs);

    /// <summary>Of every name here and one below it, those that a resolver would block.</summary>
    private static HashSet<string> Blocked(IEnumerable<string> lines)
    {
        var entries = lines.ToHashSet(StringComparer.Ordinal);
        return [.. Names.Append("z.example").SelectMany(n => new[] { n, "x." + n }).Where(n => entries.Contains("=" + n) || entries.Any(e => n == e || n.EndsWith("." + e, StringComparison.Ordinal)))];
    }
}
