using System.ComponentModel.DataAnnotations;

namespace BlockList.Server.Publishing;

/// <summary>Section <c>Publishing</c>.</summary>
internal sealed class PublishingOptions
{
    public const string Section = "Publishing";

    /// <summary>The signed agency register.</summary>
    [Required(ErrorMessage = "Set [Publishing] Register to the signed agency register.")]
    public string Register { get; set; } = "";

    /// <summary>The root keys that the register must be signed with, pinned here.</summary>
    [Required(ErrorMessage = "Set [Publishing] RegisterRoots to the file of root keys that the root ceremony wrote.")]
    public string RegisterRoots { get; set; } = "";

    /// <summary>File with 64 hexadecimal digits, the same for every copy of the publisher and for nobody else.</summary>
    [Required(ErrorMessage = "Set [Publishing] LedgerKeyFile to the file of the ledger's secret (for a new installation: openssl rand -hex 32).")]
    public string LedgerKeyFile { get; set; } = "";

    /// <summary>PEM file of the current and, while it rolls, the next CA of the download endpoint.</summary>
    [Required(ErrorMessage = "Set [Publishing] ServerCa to the PEM file of the CA that signs the download endpoint's certificate.")]
    public string ServerCa { get; set; } = "";

    /// <summary>What alarms call this publisher, where there are several; the machine's name unless said otherwise.</summary>
    [RegularExpression("[A-Za-z0-9._-]{1,60}", ErrorMessage = "[Publishing] Name must be letters, digits, dots, hyphens and underscores, 60 at most.")]
    public string Name { get; set; } = NameOfMachine();

    /// <summary>Seconds between looks at the schedule, 1 to 300.</summary>
    [Range(1, 300, ErrorMessage = "[Publishing] SweepSeconds must be from 1 to 300.")]
    public int SweepSeconds { get; set; } = 15;

    /// <summary>Seconds to wait for the verifier's signature, 1 to 600; after them the version is not published.</summary>
    [Range(1, 600, ErrorMessage = "[Publishing] VerifierSeconds must be from 1 to 600.")]
    public int VerifierSeconds { get; set; } = 20;

    /// <summary>How many decisions are read into memory at once; a run takes all there are.</summary>
    [Range(1, 250_000, ErrorMessage = "[Publishing] TakeAtOnce must be from 1 to 250000.")]
    public int TakeAtOnce { get; set; } = 250_000;

    private static string NameOfMachine()
    {
        var name = new string([.. Environment.MachineName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-').Take(60)]);
        return name.Length == 0 ? "publisher" : name;
    }
}
