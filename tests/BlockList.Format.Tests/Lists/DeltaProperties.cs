using BlockList.Format.Json;
using BlockList.Format.Lists;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace BlockList.Format.Tests.Lists;

public sealed class DeltaProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(600).WithQuietOnSuccess(true).WithReplay(20_260_106, 7);
    private static readonly Arbitrary<(ListFile, ListFile)> Pairs = GeneratedLists.List.Zip(GeneratedLists.List, (one, two) => (one, two)).ToArbitrary();

    [Fact]
    public void The_step_between_two_lists_leads_from_one_to_the_other() => Prop.ForAll(Pairs, pair =>
    {
        var (before, after) = pair;
        var delta = Between(before, after);
        return delta.ApplyTo(before).Lines.SequenceEqual(after.Lines)
            && delta.Added.SequenceEqual(after.Lines.Except(before.Lines))
            && delta.Removed.SequenceEqual(before.Lines.Except(after.Lines))
            && Between(after, before).ApplyTo(after).Lines.SequenceEqual(before.Lines);
    }).Check(Runs);

    [Fact]
    public void A_step_is_read_as_it_was_printed() => Prop.ForAll(Pairs, pair =>
    {
        var delta = Between(pair.Item1, pair.Item2);
        var read = Delta.Parse(delta.ToBytes());
        return read.Added.SequenceEqual(delta.Added) && read.Removed.SequenceEqual(delta.Removed)
            && (read.From, read.To, read.FromSha256, read.ToSha256) == (delta.From, delta.To, delta.FromSha256, delta.ToSha256)
            && read.ToBytes().AsSpan().SequenceEqual(delta.ToBytes());
    }).Check(Runs);

    [Fact]
    public void On_any_other_list_a_step_is_refused_or_does_exactly_what_it_says()
    {
        var (applied, refused) = (0, 0);
        var few = GeneratedLists.Line.ListOf().Resize(2).Select(lines => GeneratedLists.Of(lines));
        Prop.ForAll(few.ToArbitrary(), few.ToArbitrary(), GeneratedLists.List.ToArbitrary(), (before, after, other) =>
        {
            var delta = Between(before, after);
            var fits = !delta.Added.Any(other.Contains) && delta.Removed.All(other.Contains);
            try
            {
                var result = delta.ApplyTo(other);
                applied++;
                return fits && result.Lines.SequenceEqual(other.Lines.Except(delta.Removed).Concat(delta.Added).Order(StringComparer.Ordinal));
            }
            catch (MalformedDocumentException)
            {
                refused++;
                return !fits;
            }
        }).Check(Runs);
        Assert.True(applied > 50 && refused > 50, $"{applied} applied, {refused} refused");
    }

    [Fact]
    public void Changed_bytes_are_refused_or_printed_again_as_they_stand()
    {
        var read = 0;
        Prop.ForAll(Pairs.Generator.Zip(Gen.Choose(0, 400)).Zip(Gen.Choose(0, 127)).ToArbitrary(), changed =>
        {
            var (((before, after), at), value) = changed;
            var file = Between(before, after).ToBytes();
            file[at % file.Length] = (byte)value;
            try
            {
                var same = Delta.Parse(file).ToBytes().AsSpan().SequenceEqual(file);
                read++;
                return same;
            }
            catch (MalformedDocumentException)
            {
                return true;
            }
        }).Check(Runs);
        Assert.InRange(read, 20, 580);
    }

    private static Delta Between(ListFile before, ListFile after) => Delta.Between(Serial.Create(7), before, Serial.Create(8), after);
}
