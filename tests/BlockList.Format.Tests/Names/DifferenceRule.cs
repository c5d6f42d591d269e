namespace BlockList.Format.Tests.Names;

/// <summary>Why two answers differ on purpose, and how often they may: a generator that no longer meets the rule is found out.</summary>
internal sealed record DifferenceRule(string Reason, int AtLeast, int AtMost, Func<Verdict, bool> Explains);
