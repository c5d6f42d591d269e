namespace BlockList.Format.Tests.Names;

/// <summary>The rules by which we differ from libidn2 on purpose.</summary>
internal static class Idn2Differences
{
    internal static readonly DifferenceRule[] Rules =
    [
        .. ListableNames.Rules(100, 3000),
        ListableNames.CapitalSharpS,
        new("IDNA2008 disallows signs (RFC 5892 section 3); browsers look them up (UTS #46) and registries sell some, so they can be listed",
            2000, 9000, verdict => verdict.WeAloneAccept && verdict.Ours!.Unicode.EnumerateRunes().Any(Idna2008.Disallows)),
    ];
}
