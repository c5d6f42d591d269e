using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Signing;

/// <summary>Section <c>Signing</c>.</summary>
internal sealed class SigningOptions
{
    public const string Section = "Signing";

    /// <summary>Folder with one folder for each list, holding <c>targets.p8</c>, <c>snapshot.p8</c>,
    /// <c>timestamp.p8</c>, <c>manifest.p8</c>, <c>manifest.pem</c> and, where the root names a log key, <c>log.p8</c>.</summary>
    [Required(ErrorMessage = "Set [Signing] Directory to the folder of the online keys.")]
    public string Directory { get; set; } = "";

    /// <summary>File whose first line opens the keys.</summary>
    [Required(ErrorMessage = "Set [Signing] PassphraseFile to a file that only this role can read.")]
    public string PassphraseFile { get; set; } = "";
}
