using BlockList.Server.DnsChecks;
using Xunit;

namespace BlockList.Server.Tests.DnsChecks;

/// <summary>Own recursion from a root of the test's, with DNSSEC, against real authoritative servers.</summary>
public sealed class ResolverTests(DnsWorld world) : IClassFixture<DnsWorld>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_of_an_unsigned_zone_are_found_from_the_root_down_and_are_insecure()
    {
        var text = await AskAsync("good.example", RecordType.Txt);

        Assert.Equal("in two strings", Assert.IsType<DnsRecord.Txt>(Assert.Single(Assert.IsType<DnsAnswer.Answered>(text).Records)).Value);
        Assert.Equal(DnssecVerdict.Insecure, text.Verdict);
    }

    [Theory]
    [InlineData("x.many.good.example", "A", "192.0.2.7")]
    [InlineData("v6.good.example", "AAAA", "2001:db8::1")]
    [InlineData("good.example", "NS", "ns1.good.example, ns2.good.example")]
    [InlineData("good.example", "SOA", "ns1.good.example h.good.example 1")]
    [InlineData("good.example", "TXT", "\"in two strings\"")]
    [InlineData("any.wild.good.example", "TXT", "\"for any name\"")]
    public async Task Records_are_read_as_their_type(string name, string type, string expected)
    {
        var answer = Assert.IsType<DnsAnswer.Answered>(await AskAsync(name, Enum.Parse<RecordType>(type, ignoreCase: true)));

        Assert.Equal(expected, string.Join(", ", answer.Records.Select(record => record.Print()).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Signed_zone_is_secure_and_so_is_its_denial()
    {
        Assert.Equal(DnssecVerdict.Secure, Assert.IsType<DnsAnswer.Answered>(await AskAsync("signed.example", RecordType.Txt)).Verdict);
        var none = Assert.IsType<DnsAnswer.NoSuchName>(await AskAsync("nobody.signed.example", RecordType.Txt));
        Assert.Equal((DnssecVerdict.Secure, "signed.example"), (none.Verdict, none.Zone?.Text));
    }

    [Theory]
    [InlineData("_blocklist-challenge.broken.example")]
    [InlineData("stripped.example")]
    public async Task Zone_whose_signatures_do_not_hold_or_are_gone_is_bogus_and_says_why(string name)
    {
        var answer = Assert.IsType<DnsAnswer.Bogus>(await AskAsync(name, RecordType.Txt));

        Assert.Contains(name.Contains("broken", StringComparison.Ordinal) ? "broken.example" : "stripped.example", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_trust_anchor_nothing_is_judged()
    {
        var options = world.Options();
        options.TrustAnchorFile = "";
        using var resolver = new UnboundResolver(DnsWorld.Contexts(options));

        Assert.Equal(DnssecVerdict.Insecure, Assert.IsType<DnsAnswer.Answered>(await resolver.ResolveAsync(DnsWorld.Name("stripped.example"), RecordType.Txt, Ct)).Verdict);
    }

    [Fact]
    public async Task Name_that_is_nowhere_and_name_without_such_a_record_differ()
    {
        Assert.Equal("good.example", Assert.IsType<DnsAnswer.NoSuchName>(await AskAsync("nobody.good.example", RecordType.A)).Zone?.Text);
        Assert.Equal("good.example", Assert.IsType<DnsAnswer.NoData>(await AskAsync("v6.good.example", RecordType.A)).Zone?.Text);
    }

    [Fact]
    public async Task Alias_is_followed_and_named()
    {
        var answer = Assert.IsType<DnsAnswer.Answered>(await AskAsync("alias.good.example", RecordType.Txt));

        Assert.Equal("target.good.example", Assert.Single(answer.Aliases).Text);
        Assert.Equal("behind an alias", Assert.IsType<DnsRecord.Txt>(Assert.Single(answer.Records)).Value);
    }

    [Fact]
    public async Task A_thousand_questions_at_once_are_all_answered()
    {
        using var resolver = new UnboundResolver(world.Contexts(30));

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => resolver.ResolveAsync(DnsWorld.Name($"n{i}.many.good.example"), RecordType.A, Ct)));

        Assert.All(answers, answer => Assert.Equal("192.0.2.7", Assert.Single(Assert.IsType<DnsAnswer.Answered>(answer).Records).Print()));
    }

    [Fact]
    public async Task Questions_beyond_those_at_once_wait_for_a_place_and_are_answered()
    {
        var options = world.Options(30);
        options.QuestionsAtOnce = 2;
        using var resolver = new UnboundResolver(DnsWorld.Contexts(options));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => resolver.ResolveAsync(DnsWorld.Name($"n{i}.many.good.example"), RecordType.A, Ct)));

        Assert.All(answers, answer => Assert.IsType<DnsAnswer.Answered>(answer));
    }

    [Fact]
    public async Task Caller_who_gives_up_gets_its_own_cancellation_and_others_their_answers()
    {
        using var resolver = new UnboundResolver(world.Contexts(30));
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var left = resolver.ResolveAsync(DnsWorld.Name("a.silent.example"), RecordType.A, impatient.Token);
        var stays = resolver.ResolveAsync(DnsWorld.Name("good.example"), RecordType.Txt, Ct);
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.IsType<DnsAnswer.Answered>(await stays);
    }

    [Fact]
    public async Task Resolver_that_is_closed_ends_what_is_under_way_and_refuses_what_comes()
    {
        for (var round = 0; round < 10; round++)
        {
            var context = world.Contexts(30).CreateLasting();
            var open = Enumerable.Range(0, 200).Select(i => context.ResolveAsync(DnsWorld.Name($"n{i}.{(i % 2 == 0 ? "silent.example" : "many.good.example")}"), RecordType.A, Ct)).ToArray();
            await open[1];
            context.Dispose();

            var answers = await Task.WhenAll(open);
            // On a busy machine a question may have been given up before the end; none waits on, and none is answered.
            Assert.All(answers.Where((_, i) => i % 2 == 0), answer => Assert.IsType<DnsAnswer.Failed>(answer));
            Assert.Contains(new DnsAnswer.Failed("the resolver was closed"), answers);
            Assert.Equal(new DnsAnswer.Failed("the resolver was closed"), await context.ResolveAsync(DnsWorld.Name("good.example"), RecordType.Txt, Ct));
            context.Dispose();
        }
    }

    private async Task<DnsAnswer> AskAsync(string name, RecordType type)
    {
        using var resolver = new UnboundResolver(world.Contexts());
        return await resolver.ResolveAsync(DnsWorld.Name(name), type, Ct);
    }
}
