using BlockList.Server.DnsChecks;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Hosts;

/// <summary>The agency's own hosts: what it was asked to publish, what was found, what stands in the register.</summary>
/// <param name="Typed">Name in the form.</param>
/// <param name="Reason">Typed to enter a host.</param>
/// <param name="EnterId">The proof whose form <paramref name="Reason"/> belongs to.</param>
/// <param name="Errors">What is wrong with what was typed.</param>
/// <param name="Problem">Why it came back, where no field is to blame.</param>
/// <param name="Done">What the step before did.</param>
internal sealed record HostsModel(IReadOnlyList<HostProof> Proofs, string Typed, string Reason, Guid? EnterId, IReadOnlyList<FieldError> Errors, string? Problem, string? Done, Guid? Next, DateTimeOffset Now);

/// <param name="View">The proof and the last look.</param>
/// <param name="Row">Of the register, where it stands in it.</param>
internal sealed record HostProof(ProofView View, Guid? Row)
{
    public bool IsProven => View.Proof.ProvenAt is not null;

    public bool IsOpenAt(DateTimeOffset now) => !IsProven && View.Proof.ExpiresAt > now;
}
