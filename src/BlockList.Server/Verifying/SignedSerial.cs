namespace BlockList.Server.Verifying;

/// <summary>What was signed under a serial of a list.</summary>
/// <param name="ListSha256">The list, the only one that this serial ever gets.</param>
/// <param name="LedgerPosition">The ledger's last row that it rested on.</param>
internal sealed record SignedSerial(string ListSha256, long LedgerPosition);
