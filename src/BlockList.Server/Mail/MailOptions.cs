using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace BlockList.Server.Mail;

/// <summary>Section <c>Mail</c> of the worker.</summary>
internal sealed class MailOptions : IValidatableObject
{
    public const string Section = "Mail";
    public const string StartTls = "starttls";
    public const string Tls = "tls";
    public const string Plain = "none";

    /// <summary>Whom mails come from: <c>BlockList &lt;complaints@blocklist.example&gt;</c>. Bounces go there, and the Message-ID has its domain.</summary>
    public string From { get; set; } = "";

    /// <summary>Host of the relay; empty, and no folder either: nothing is sent, and mails wait.</summary>
    public string Relay { get; set; } = "";

    [Range(1, 65535, ErrorMessage = "[Mail] Port must be from 1 to 65535.")]
    public int Port { get; set; } = 587;

    /// <summary><c>starttls</c>, <c>tls</c> from the first octet on, or <c>none</c>, which a relay on this machine may have.</summary>
    public string Security { get; set; } = StartTls;

    public string User { get; set; } = "";

    /// <summary>Its first line is the user's password.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>PEM of the authorities that vouch for the relay; empty: those of the system.</summary>
    public string AuthorityFile { get; set; } = "";

    /// <summary>The portal's public address, for links: <c>https://complaints.blocklist.example</c>.</summary>
    public string Site { get; set; } = "";

    /// <summary>Where the agencies' people open their pages, for the link in a mail about an alarm; empty: it has none.</summary>
    public string Pages { get; set; } = "";

    /// <summary>Where mails become files instead.</summary>
    public string Folder { get; set; } = "";

    public bool IsSet => Relay.Length > 0 || Folder.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsSet) yield break;
        if (Relay.Length > 0 && Folder.Length > 0) yield return new ValidationResult("Set [Mail] Relay or [Mail] Folder, not both.");
        if (!MailboxAddress.TryParse(From, out var sender) || !Recipient.TryParse(sender.Address, out _)) yield return new ValidationResult("Set [Mail] From to the address that mails come from: BlockList <complaints@blocklist.example>.");
        if (Security is not (StartTls or Tls or Plain)) yield return new ValidationResult("[Mail] Security must be starttls, tls or none.");
        if (Security == Plain && Relay.Length > 0 && Relay is not ("localhost" or "127.0.0.1" or "::1"))
            yield return new ValidationResult("[Mail] Security = none is for a relay on this machine: mails hold addresses of people. Use starttls or tls.");
        if ((User.Length > 0) != (PasswordFile.Length > 0)) yield return new ValidationResult("Set both [Mail] User and [Mail] PasswordFile, or neither.");
        if (PasswordFile.Length > 0 && !File.Exists(PasswordFile)) yield return new ValidationResult($"[Mail] PasswordFile: there is no file {PasswordFile}.");
        if (AuthorityFile.Length > 0 && !File.Exists(AuthorityFile)) yield return new ValidationResult($"[Mail] AuthorityFile: there is no file {AuthorityFile}.");
        if (!IsAddress(Site)) yield return new ValidationResult("Set [Mail] Site to the portal's public address, such as https://complaints.blocklist.example, without a path.");
        if (Pages.Length > 0 && !IsAddress(Pages)) yield return new ValidationResult("[Mail] Pages must be an address such as https://blocklist.example, without a path.");
    }

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.PathAndQuery == "/" && address.Fragment.Length == 0 && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
