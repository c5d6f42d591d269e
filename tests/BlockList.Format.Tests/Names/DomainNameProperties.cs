using System.Collections.Concurrent;
using System.Text;
using BlockList.Format.Names;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Names;

public class DomainNameProperties
{
    private const int Runs = 10;
    private const int TextsInARun = 100_000;

    [Fact]
    public void A_million_texts_are_refused_in_words_or_read_printed_and_read_as_the_same_name()
    {
        var failures = new ConcurrentQueue<string>();
        int texts = 0, names = 0;
        Parallel.For(0, Runs, run =>
        {
            var seed = 20_260_000UL + (ulong)run;
            DomainName? before = null;
            foreach (var text in run % 2 == 0 ? new GeneratedNames(seed).Take(TextsInARun) : new NearlyNames(seed).Take(TextsInARun))
            {
                Interlocked.Increment(ref texts);
                if (WhatIsWrong(text, before, out var name) is { } wrong)
                    failures.Enqueue($"{wrong}: {text}");
                if (name is null)
                    continue;
                Interlocked.Increment(ref names);
                before = name;
            }
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Take(40)));
        Assert.Equal(1_000_000, texts);
        // Otherwise the texts would prove little about names, or about refusals.
        Assert.InRange(names, 400_000, 800_000);
    }

    // Text of any kind at all; a fixed seed, so that a run that fails fails again.
    [Fact]
    public void No_text_makes_the_reader_throw_or_stay_silent() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text => WhatIsWrong(text, null, out _) is null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithQuietOnSuccess(true).WithReplay(20_260_101, 7));

    private static string? WhatIsWrong(string? text, DomainName? other, out DomainName? name)
    {
        var canonical = DomainName.TryParseCanonical(text, out var listed);
        if (!DomainName.TryParse(text, out name, out var problem))
        {
            if (problem.Message.Length == 0 || problem.Fix.Length == 0 || problem.Code.Length == 0)
                return "refused without a word";
            // What depends on a version of Unicode is asked of people only, and of A-labels only.
            return canonical && !(problem.Code is "punycode" or "mixed-direction" && text!.Contains("xn--", StringComparison.Ordinal))
                ? $"a list may hold what {problem.Code} refuses" : null;
        }
        if (name.LabelCount < 2 || canonical != (name.Ascii == text) || (canonical && listed != name))
            return "list text is not what is printed";
        if (!DomainName.TryParse(name.Ascii, out var again, out _) || again != name)
            return "the printed name is read otherwise";
        if (!DomainName.TryParseCanonical(name.Ascii, out var fromList) || fromList != name)
            return "a list cannot hold the printed name";
        if (!DomainName.TryParse(name.Unicode, out var fromUnicode, out _) || fromUnicode != name)
            return "the Unicode form is read otherwise";
        return WhatIsWrongInAList(name, other);
    }

    private static string? WhatIsWrongInAList(DomainName name, DomainName? other)
    {
        foreach (var scope in Enum.GetValues<Scope>())
        {
            var line = new ListedName(name, scope);
            if (!ListedName.TryParse(line.ToString(), out var read) || read != line)
                return "the line of a list is read otherwise";
            if (other is null)
                continue;
            foreach (var otherScope in Enum.GetValues<Scope>())
            {
                var otherLine = new ListedName(other, otherScope);
                if (Math.Sign(line.CompareTo(otherLine)) != ByteOrder(line.ToString(), otherLine.ToString()))
                    return $"not in the order of bytes with {otherLine}";
            }
        }
        return other is null || Math.Sign(name.CompareTo(other)) == ByteOrder(name.Ascii, other.Ascii) ? null : $"not in the order of bytes with {other}";
    }

    // What LC_ALL=C sort compares.
    private static int ByteOrder(string left, string right) =>
        Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));
}
