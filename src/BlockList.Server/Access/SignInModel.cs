namespace BlockList.Server.Access;

/// <param name="To">Local path to go on to.</param>
/// <param name="Kept">Fields of a form that was sent after its session had ended.</param>
/// <param name="Interrupted">Whether there was such a form.</param>
internal sealed record SignInModel(string To, IReadOnlyDictionary<string, string> Kept, bool Interrupted)
{
    /// <summary>Where a development build signs in without a passkey; no such place exists in a release.</summary>
    public static string? DevelopmentPath =>
#if BLOCKLIST_DEVELOPMENT
        "/development/sign-in/choose";
#else
        null;
#endif
}
