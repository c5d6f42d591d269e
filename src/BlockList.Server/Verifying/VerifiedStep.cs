namespace BlockList.Server.Verifying;

/// <summary>What is remembered of a candidate that holds.</summary>
/// <param name="Mark">The ledger's position and the hash over its rows, where the ledger was read.</param>
/// <param name="Step">What it changes; null where the list stays.</param>
internal sealed record VerifiedStep((long Position, byte[] RowsSha256)? Mark, SignedStep? Step)
{
    public static VerifiedStep Nothing { get; } = new(null, null);
}
