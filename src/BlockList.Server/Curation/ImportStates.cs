namespace BlockList.Server.Curation;

/// <summary>What becomes of a file: <c>checking</c>, then <c>refused</c> with what is wrong, <c>failed</c> by us, or
/// <c>staged</c>; from there <c>committing</c> and <c>committed</c>, <c>reverting</c> and <c>reverted</c>, or <c>discarded</c>.</summary>
internal static class ImportStates
{
    public const string Checking = "checking";
    public const string Refused = "refused";
    public const string Failed = "failed";
    public const string Staged = "staged";
    public const string Committing = "committing";
    public const string Committed = "committed";
    public const string Reverting = "reverting";
    public const string Reverted = "reverted";
    public const string Discarded = "discarded";

    /// <summary>Some process works on it, and says so again and again.</summary>
    public static bool IsAtWork(string state) => state is Checking or Committing or Reverting;
}
