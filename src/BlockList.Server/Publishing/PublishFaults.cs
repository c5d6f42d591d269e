namespace BlockList.Server.Publishing;

/// <summary>The places between two steps of publishing at which a development build can be told to die.</summary>
internal static class PublishFaults
{
    public const string Taken = "publish/taken";
    public const string Assembled = "publish/assembled";
    public const string Composed = "publish/composed";
    public const string Proposed = "publish/proposed";
    public const string Signed = "publish/signed";
    public const string Verified = "publish/verified";
    public const string Staged = "publish/staged";
    public const string Committed = "publish/committed";

    public static readonly string[] All = [Taken, Assembled, Composed, Proposed, Signed, Verified, Staged, Committed];
}
