using BlockList.Format;

namespace BlockList.Server.Publishing;

/// <summary>What a publisher asks the verifier to sign as well, and what it says to have derived it from.</summary>
/// <param name="List">Id of the list.</param>
/// <param name="Serial">Of the version; that of the newest one where it is only signed anew.</param>
/// <param name="Form">One of <see cref="CandidateForm"/>.</param>
/// <param name="LedgerPosition">The ledger's last row that it rests on.</param>
/// <param name="EvaluatedAt">The instant it was computed for.</param>
/// <param name="RegisterVersion">The agency register's.</param>
/// <param name="SuffixesSha256">The suffix data's.</param>
/// <param name="Previous">The version before and its list, or null for the first one.</param>
/// <param name="ListSha256">The proposed list's.</param>
/// <param name="Content">The step from the version before, the whole list where there is none, null where the list stays.</param>
internal sealed record Candidate(string List, Serial Serial, string Form, long LedgerPosition, DateTimeOffset EvaluatedAt,
    int RegisterVersion, string SuffixesSha256, (Serial Serial, string Sha256)? Previous, string ListSha256, byte[]? Content);
