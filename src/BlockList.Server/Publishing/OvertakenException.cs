namespace BlockList.Server.Publishing;

/// <summary>Another publisher was first, or the verifier says so. Nothing was done, and nothing is known to be wrong: the next look tries again.</summary>
internal sealed class OvertakenException() : Exception("another publisher was first, by what the database or the verifier says");
