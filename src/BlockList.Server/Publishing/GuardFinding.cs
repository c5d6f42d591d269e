namespace BlockList.Server.Publishing;

/// <summary>That the never-block guard speaks against a decided entry.</summary>
/// <param name="Episode">Of the entry.</param>
/// <param name="Rule">Which rule, in the words of the database.</param>
/// <param name="IsLeftOut">It is kept off the list; else it was on it before the rule came, and stays until two people want otherwise.</param>
/// <param name="Message">In a sentence.</param>
internal sealed record GuardFinding(Guid Episode, string Rule, bool IsLeftOut, string Message)
{
    public const string PublicSuffix = "public-suffix";
    public const string HostOnly = "host-only";
}
