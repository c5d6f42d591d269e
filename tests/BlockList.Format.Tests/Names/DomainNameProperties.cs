using BlockList.Format.Names;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Names;

public class DomainNameProperties
{
    // A fixed seed: a run that fails fails again.
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(20_000).WithQuietOnSuccess(true).WithReplay(20_260_101, 7);

    /// <summary>Text that is a name often, and otherwise misses being one by a little.</summary>
    private static Arbitrary<string> NearlyNames()
    {
        var piece = Gen.Elements(
            "a", "b", "z", "A", "0", "9", "-", "--", ".", ".", ".", "xn--", "bad", "example", "_", "*", "@", ":", "/", " ", "[", "]", "%",
            "ü", "ß", "ς", "İ", "א", "ب", "٠", "۰", "ि", "\u0301", "\u200D", "\u200C", "\u200B", "例", "。", "Ⅷ", "ａ", "💩", "\uD800",
            "kva", "zhc", "bcher-kva", "com", "\0", "\uFEFF", "http:", "1.2.3.4", "::", "[.]");
        var label = Gen.Elements("bad", "a-b", "xn--bcher-kva", "Ü", "עברית", "例", "0", "example");
        var start = label.ListOf(2).Select(labels => string.Join('.', labels));
        return start.Zip(piece.ListOf().Resize(4), (name, pieces) => name + string.Concat(pieces)).ToArbitrary();
    }

    [Fact]
    public void What_is_read_from_a_printed_name_is_the_same_name()
    {
        var read = 0;
        Prop.ForAll(NearlyNames(), text =>
        {
            if (!DomainName.TryParse(text, out var name, out _))
                return true;
            read++;
            return DomainName.TryParse(name.Ascii, out var again, out _) && again == name
                && DomainName.TryParse(name.Unicode, out var fromUnicode, out _) && fromUnicode == name
                && DomainName.TryParseCanonical(name.Ascii, out var canonical) && canonical == name;
        }).Check(Runs);
        Assert.InRange(read, 4_000, 16_000);
    }

    [Fact]
    public void List_text_is_accepted_exactly_if_a_typed_name_prints_it_or_only_its_Unicode_is_in_doubt() =>
        Prop.ForAll(NearlyNames(), text =>
        {
            var typed = DomainName.TryParse(text, out var name, out var problem);
            if (typed && name!.Ascii == text)
                return DomainName.TryParseCanonical(text, out _);
            return !DomainName.TryParseCanonical(text, out _)
                || (problem?.Code is "punycode" or "mixed-direction" && text.Contains("xn--", StringComparison.Ordinal));
        }).Check(Runs);

    [Fact]
    public void No_text_makes_the_reader_throw_or_stay_silent() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), AnswersInWords).Check(Runs);

    [Fact]
    public void Nothing_near_a_name_makes_the_reader_throw_or_stay_silent() =>
        Prop.ForAll(NearlyNames(), AnswersInWords).Check(Runs);

    private static bool AnswersInWords(string? text)
    {
        _ = ListedName.TryParse(text, out _);
        return DomainName.TryParse(text, out var name, out var problem)
            ? name.LabelCount >= 2 && name.Unicode.Length > 0
            : problem.Message.Length > 0 && problem.Fix.Length > 0 && problem.Code.Length > 0;
    }
}
