using System.ComponentModel.DataAnnotations;
using BlockList.Server.Mail;

namespace BlockList.Server.Publishing.Alarms;

/// <summary>Section <c>Alarms</c> of the worker.</summary>
internal sealed class AlarmOptions : IValidatableObject
{
    public const string Section = "Alarms";

    /// <summary>Where alarms are posted, an address of a pager or chat; empty: nowhere, and people see them on the page alone.</summary>
    public string Webhook { get; set; } = "";

    /// <summary>File with the secret that signs each message (any text on its first line); empty: unsigned.</summary>
    public string WebhookSecretFile { get; set; } = "";

    /// <summary>How long the other side may take, 1 to 60 seconds.</summary>
    [Range(1, 60, ErrorMessage = "[Alarms] TimeoutSeconds must be from 1 to 60.")]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Who gets a mail when one is raised, one address; empty: nobody. It has the kind and nothing else, and goes as [Mail] says.</summary>
    public string MailTo { get; set; } = "";

    /// <summary>Where people open the pages, for the link in a message: the same as the curation role's [Curation] Origin.</summary>
    public string Origin { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Webhook.Length > 0 && !(Uri.TryCreate(Webhook, UriKind.Absolute, out var hook) && (hook.Scheme == Uri.UriSchemeHttps || (hook.Scheme == Uri.UriSchemeHttp && hook.IsLoopback))))
            yield return new ValidationResult("[Alarms] Webhook must be an https address; http only on this machine.");
        if (Origin.Length > 0 && !Uri.TryCreate(Origin, UriKind.Absolute, out _)) yield return new ValidationResult("[Alarms] Origin must be an address such as https://blocklist.example.");
        if (MailTo.Length > 0 && !Recipient.TryParse(MailTo, out _)) yield return new ValidationResult("[Alarms] MailTo must be one mail address, such as duty@blocklist.example.");
        if (WebhookSecretFile.Length > 0 && !File.Exists(WebhookSecretFile)) yield return new ValidationResult($"[Alarms] WebhookSecretFile: there is no file {WebhookSecretFile}.");
    }
}
