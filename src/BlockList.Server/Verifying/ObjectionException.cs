namespace BlockList.Server.Verifying;

/// <summary>Why a candidate is not signed, as a sentence for people. Of domain names it says counts, never one of them.</summary>
/// <param name="reason">The sentence.</param>
/// <param name="isOvertaken">It is nobody's fault: another publisher was first, and the next run does better.</param>
internal sealed class ObjectionException(string reason, bool isOvertaken = false) : Exception(reason)
{
    public bool IsOvertaken { get; } = isOvertaken;
}
