using MimeKit;

namespace BlockList.Server.Mail;

/// <summary>Where mails go: a relay, or a folder.</summary>
internal interface IMailTransport
{
    /// <summary>Takes a minute or two at most, and then says <see cref="SendOutcome.Later"/>.</summary>
    Task<SendOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken);

    /// <summary>There is no more for now.</summary>
    Task EndAsync(CancellationToken cancellationToken);
}
