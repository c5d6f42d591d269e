namespace BlockList.Server.Verifying;

/// <summary>The places between two steps of verifying at which a development build can be told to die.</summary>
internal static class VerifyFaults
{
    public const string Derived = "verify/derived";
    public const string Recorded = "verify/recorded";
    public const string Answered = "verify/answered";

    public static readonly string[] All = [Derived, Recorded, Answered];
}
