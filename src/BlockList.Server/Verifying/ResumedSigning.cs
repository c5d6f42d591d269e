namespace BlockList.Server.Verifying;

/// <summary>That somebody had the verifier go on after a restore, in the database that was restored.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="List">The list.</param>
/// <param name="Serial">The highest that was signed before.</param>
/// <param name="TargetsVersion">The same.</param>
internal sealed record ResumedSigning(Guid Id, string List, int Serial, int TargetsVersion);
