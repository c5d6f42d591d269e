using BlockList.Format.Names;

namespace BlockList.Format.Tests.Names;

/// <summary>What we and another implementation say of one text; <paramref name="Theirs"/> is null if it refuses.</summary>
internal sealed record Verdict(string Text, DomainName? Ours, NameProblem? Problem, string? Theirs)
{
    internal static Verdict Of(string text, string? theirs)
    {
        _ = DomainName.TryParse(text, out var name, out var problem);
        return new(text, name, problem, theirs);
    }

    internal bool Agrees => Ours?.Ascii == Theirs;

    internal bool WeAloneAccept => Ours is not null && Theirs is null;

    internal bool WeAloneRefuse(string code) => Theirs is not null && Problem?.Code == code;

    /// <summary>The text with each character escaped that is not printable ASCII, beside the text.</summary>
    public override string ToString() =>
        $"{Text} ({string.Concat(Text.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : $"\\u{{{rune.Value:X}}}"))}): "
        + $"we say {Ours?.Ascii ?? Problem?.Code}, they say {Theirs ?? "refused"}";
}
