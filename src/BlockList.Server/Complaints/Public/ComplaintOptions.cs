using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Complaints.Public;

/// <summary>Section <c>Complaints</c>.</summary>
internal sealed class ComplaintOptions
{
    public const string Section = "Complaints";

    /// <summary>File with 64 hexadecimal digits: drafts are sealed, and references and secrets made, by what is derived from them. The same
    /// in every copy of the role. With another one open drafts are lost, and secrets of old complaints open nothing any more.</summary>
    [Required(ErrorMessage = "Set [Complaints] KeyFile to the file of the portal's own secret (for a new installation: openssl rand -hex 32).")]
    public string KeyFile { get; set; } = "";

    /// <summary>Work that a browser does for a complaint, in bits, 8 to 24: each doubles it. 17 take an old telephone a few seconds.</summary>
    [Range(8, 24, ErrorMessage = "[Complaints] WorkBits must be from 8 to 24.")]
    public int WorkBits { get; set; } = 17;

    /// <summary>Complaints a minute from which on the work grows, 1 to 100,000; with sixteen times as many it is sixteen times as much, and no more than that.</summary>
    [Range(1, 100_000, ErrorMessage = "[Complaints] BusyPerMinute must be from 1 to 100000.")]
    public int BusyPerMinute { get; set; } = 30;
}
