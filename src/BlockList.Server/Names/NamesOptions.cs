using System.ComponentModel.DataAnnotations;
using BlockList.Format.Names;

namespace BlockList.Server.Names;

/// <summary>Section <c>Names</c>; the same values at the curation and the publisher role.</summary>
internal sealed class NamesOptions : IValidatableObject
{
    public const string Section = "Names";

    /// <summary>Hosts of this installation, with blanks between them: portal, download endpoint, mail. They and what is below them
    /// can never be listed.</summary>
    public string OwnHosts { get; set; } = "";

    /// <summary>How many months old the public suffix rules may be before everyone who works with names is told.</summary>
    [Range(1, 60, ErrorMessage = "[Names] SuffixMonths must be from 1 to 60.")]
    public int SuffixMonths { get; set; } = 6;

    public IReadOnlyList<DomainName> Hosts => [.. Split().Select(text => DomainName.TryParse(text, out var name, out _) ? name : null).OfType<DomainName>()];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from text in Split() let problem = DomainName.TryParse(text, out _, out var found) ? null : found where problem is not null
        select new ValidationResult($"[Names] OwnHosts has {text}: {problem.Message} {problem.Fix}");

    private string[] Split() => OwnHosts.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
}
