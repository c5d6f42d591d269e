namespace BlockList.Server.Criteria;

/// <summary>One criterion of a text.</summary>
/// <param name="Id">As verdicts name it, <c>c1</c>.</param>
/// <param name="Label">Its first clause, for a column or a button: "The children are real".</param>
/// <param name="Text">The whole of it.</param>
internal sealed record Criterion(string Id, string Label, string Text);
