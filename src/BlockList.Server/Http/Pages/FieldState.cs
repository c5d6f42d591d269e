namespace BlockList.Server.Http.Pages;

/// <summary>What the input inside a <see cref="Field"/> must say of itself.</summary>
/// <param name="DescribedBy">For <c>aria-describedby</c>; null where there is neither hint nor error.</param>
/// <param name="Invalid">For <c>aria-invalid</c>; null where there is no error.</param>
public sealed record FieldState(string? DescribedBy, string? Invalid);
