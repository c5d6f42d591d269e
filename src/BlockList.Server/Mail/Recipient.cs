using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using BlockList.Format.Names;

namespace BlockList.Server.Mail;

/// <summary>
/// An address that mail can go to: a dot-atom of ASCII before the @ (RFC 5321 section 4.1.2), a domain as A-label behind it, 254
/// octets at most. No quoted parts, comments, names or lists, so that nothing in it can begin another header or another recipient.
/// </summary>
internal sealed partial record Recipient
{
    private Recipient(string address) => Address = address;

    public string Address { get; }

    /// <summary>Reads what a person types: blanks around it, and a domain in its own script, in any case.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Recipient? recipient)
    {
        recipient = null;
        var typed = (text ?? "").Trim();
        var at = typed.LastIndexOf('@');
        if (at is < 1 or > 64 || !LocalPart().IsMatch(typed.AsSpan(0, at))) return false;
        if (!DomainName.TryParse(typed[(at + 1)..], out var domain, out _) || !char.IsAsciiLetter(domain.Ascii[domain.Ascii.LastIndexOf('.') + 1])) return false;
        var address = $"{typed[..at]}@{domain.Ascii}";
        if (address.Length > 254) return false;
        recipient = new Recipient(address);
        return true;
    }

    public override string ToString() => Address;

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z")]
    private static partial Regex LocalPart();
}
