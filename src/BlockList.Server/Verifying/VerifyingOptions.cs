using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Verifying;

/// <summary>Section <c>Verifying</c>. Every file is this role's own: none is shared with the publisher.</summary>
internal sealed class VerifyingOptions
{
    public const string Section = "Verifying";

    /// <summary>The signed agency register. A publisher that goes by an older one is refused.</summary>
    [Required(ErrorMessage = "Set [Verifying] Register to this role's own copy of the signed agency register.")]
    public string Register { get; set; } = "";

    /// <summary>The root keys that the register must be signed with, pinned here.</summary>
    [Required(ErrorMessage = "Set [Verifying] RegisterRoots to this role's own copy of the file of root keys that the root ceremony wrote.")]
    public string RegisterRoots { get; set; } = "";

    /// <summary>Folder with one folder for each list, holding <c>targets.p8</c>: the second key of its targets role.</summary>
    [Required(ErrorMessage = "Set [Verifying] Directory to the folder of this role's own keys.")]
    public string Directory { get; set; } = "";

    /// <summary>File whose first line opens the keys.</summary>
    [Required(ErrorMessage = "Set [Verifying] PassphraseFile to a file that only this role can read.")]
    public string PassphraseFile { get; set; } = "";

    /// <summary>File with 64 hexadecimal digits, the same for every copy of the verifier and for nobody else: it knows its own rows by it.</summary>
    [Required(ErrorMessage = "Set [Verifying] RecordKeyFile to the file of the secret under the verifier's record (for a new installation: openssl rand -hex 32).")]
    public string RecordKeyFile { get; set; } = "";

    /// <summary>File that this role alone writes, on its own host: what it signed, kept apart from the database that may be restored or
    /// cut. Its folder must be there; the file begins by itself.</summary>
    [Required(ErrorMessage = "Set [Verifying] RecordFile to a file in a folder that only this role can write to, on this host and in no backup of the database.")]
    public string RecordFile { get; set; } = "";

    /// <summary>Minutes after which an authentic decision that the ledger leaves out is taken for one that is kept back, 1 to 1440.</summary>
    [Range(1, 1440, ErrorMessage = "[Verifying] WithheldMinutes must be from 1 to 1440.")]
    public int WithheldMinutes { get; set; } = 10;

    /// <summary>Minutes that the publisher's clock may differ from this role's, 1 to 60.</summary>
    [Range(1, 60, ErrorMessage = "[Verifying] ClockMinutes must be from 1 to 60.")]
    public int ClockMinutes { get; set; } = 5;

    /// <summary>Ledger rows up to this position are believed as the publisher wrote them, and not verified: for a verifier that
    /// joins a deployment whose old rows were taken by other rules. 0 verifies all.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "[Verifying] BelievedUpTo must be a ledger position, or 0.")]
    public long BelievedUpTo { get; set; }
}
