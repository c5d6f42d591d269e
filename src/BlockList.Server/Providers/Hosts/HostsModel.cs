using BlockList.Server.DnsChecks;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Providers.Hosts;

/// <summary>Hosts of one's own: what was asked to be published, what was found, what stands in the register.</summary>
/// <param name="Proofs">Of the reader's agency; for a provider manager, of all providers.</param>
/// <param name="ToEnter">What providers proved and nobody entered yet, for release officers.</param>
/// <param name="Providers">For whom a provider manager may ask; null for people of an agency.</param>
/// <param name="Typed">In the form.</param>
/// <param name="Errors">What is wrong with what was typed.</param>
/// <param name="Problem">Why it came back, where no field is to blame.</param>
/// <param name="Done">What the step before did.</param>
/// <param name="Next">The last proof shown, where there are older ones.</param>
internal sealed record HostsModel(IReadOnlyList<HostProof> Proofs, IReadOnlyList<HostProof> ToEnter, IReadOnlyList<(string Id, string Name)>? Providers, TypedHost Typed,
    IReadOnlyList<FieldError> Errors, string? Problem, string? Done, Guid? Next, DateTimeOffset Now);

/// <summary>What stands in the forms of the page.</summary>
/// <param name="Name">The host.</param>
/// <param name="Provider">Id of the provider that is to prove it.</param>
/// <param name="Reason">Of entering a host.</param>
/// <param name="Proof">The proof whose form <paramref name="Reason"/> belongs to.</param>
internal sealed record TypedHost(string Name = "", string Provider = "", string Reason = "", Guid? Proof = null);

/// <param name="View">The proof and the last look.</param>
/// <param name="Row">Of the register, where it stands in it.</param>
/// <param name="Provider">Whose it is; null for the reader's agency.</param>
internal sealed record HostProof(ProofView View, Guid? Row, string? Provider)
{
    public bool IsProven => View.Proof.ProvenAt is not null;

    public bool IsOpenAt(DateTimeOffset now) => !IsProven && View.Proof.ExpiresAt > now;
}
