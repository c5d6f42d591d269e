using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Providers.Issuing;

/// <summary>Section <c>Issuing</c>.</summary>
internal sealed class IssuingOptions
{
    public const string Section = "Issuing";

    /// <summary>PEM file: the certificate of the authority that signs the certificates of providers, one of those in [Distribution] ClientCa.</summary>
    [Required(ErrorMessage = "Set [Issuing] Authority to the PEM file with the certificate of the authority for providers.")]
    public string Authority { get; set; } = "";

    /// <summary>Its key: encrypted PKCS #8, ECDSA P-256.</summary>
    [Required(ErrorMessage = "Set [Issuing] AuthorityKey to the encrypted PKCS #8 file with the key of that authority.")]
    public string AuthorityKey { get; set; } = "";

    /// <summary>File whose first line opens the key.</summary>
    [Required(ErrorMessage = "Set [Issuing] PassphraseFile to a file that only this role can read.")]
    public string PassphraseFile { get; set; } = "";

    /// <summary>Id of this deployment, as in root.json; every certificate names it.</summary>
    [Required(ErrorMessage = "Set [Issuing] Deployment to the id of this deployment, the same that root.json names.")]
    public string Deployment { get; set; } = "";
}
