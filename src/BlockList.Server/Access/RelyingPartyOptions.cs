using System.ComponentModel.DataAnnotations;
using BlockList.Format.Statements;

namespace BlockList.Server.Access;

/// <summary>Section <c>Access</c>: whom passkeys sign for. The publisher goes by the register, not by this.</summary>
internal sealed class RelyingPartyOptions
{
    public const string Section = "Access";

    /// <summary>Id of this installation, as in the register.</summary>
    [Required(ErrorMessage = "Set [Access] Deployment to the deployment id of the agency register.")]
    public string Deployment { get; set; } = "";

    [Required(ErrorMessage = "Set [Access] RelyingPartyId to the domain that passkeys are made for.")]
    public string RelyingPartyId { get; set; } = "";

    [Required(ErrorMessage = "Set [Access] Origin to the one origin at which decisions are signed, for example https://sign.blocklist.example")]
    public string Origin { get; set; } = "";

    public RelyingParty RelyingParty => new(RelyingPartyId, Origin);
}
