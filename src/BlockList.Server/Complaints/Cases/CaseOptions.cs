using System.ComponentModel.DataAnnotations;
using BlockList.Server.Mail;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Section <c>Cases</c> of the worker.</summary>
internal sealed class CaseOptions : IValidatableObject
{
    public const string Section = "Cases";

    /// <summary>Mail addresses of the complaints officers and of oversight: they are told of each promise that was missed, twenty an hour at most.</summary>
    public string[] OverdueTo { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        OverdueTo.Where(to => !Recipient.TryParse(to, out _)).Select(to => new ValidationResult($"[Cases] OverdueTo: {to} is no mail address, such as officers@blocklist.example."));
}
