using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BlockList.Server.Mail;

/// <summary>Hands mails to the operator's relay, several over one connection. The relay queues and signs them; we only wait for its word.</summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport, IDisposable
{
    /// <summary>Well below the ten minutes for which a mail is claimed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private SmtpClient? client;

    public async Task<SendOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            await (await ConnectedAsync(limit.Token)).SendAsync(message, limit.Token);
            return new SendOutcome.Sent();
        }
        catch (SmtpCommandException problem) when (problem.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
        {
            var said = $"the relay said {(int)problem.StatusCode}: {problem.Message}";
            return (int)problem.StatusCode >= 500 ? new SendOutcome.Refused(said) : new SendOutcome.Later(said, IsRelay: client?.IsConnected != true);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested && IsForeseen(problem))
        {
            Dispose();
            return new SendOutcome.Later(problem is OperationCanceledException ? $"the relay took longer than {Longest.TotalMinutes:0} minutes" : problem.Message, IsRelay: true);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (client?.IsConnected == true) await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception problem) when (IsForeseen(problem))
        {
            // Nobody says goodbye then.
        }
        Dispose();
    }

    public void Dispose()
    {
        client?.Dispose();
        client = null;
    }

    /// <summary>Our sender or our password refused, no STARTTLS, a certificate that does not hold, a connection that breaks: the relay's matter
    /// or the configuration's, and never the end of a mail.</summary>
    private static bool IsForeseen(Exception problem) => problem is SmtpCommandException or ProtocolException or SslHandshakeException or ServiceNotConnectedException or ServiceNotAuthenticatedException
        or MailKit.Security.AuthenticationException or SocketException or IOException or TimeoutException or OperationCanceledException or NotSupportedException or UnauthorizedAccessException;

    private async Task<SmtpClient> ConnectedAsync(CancellationToken cancellationToken)
    {
        if (client?.IsConnected == true) return client;
        Dispose();
        var settings = options.Value;
        // The relay is the operator's: nobody is asked whether its certificate was revoked.
        client = new SmtpClient { CheckCertificateRevocation = false, Timeout = (int)Longest.TotalMilliseconds, ServerCertificateValidationCallback = IsTheRelay };
        await client.ConnectAsync(settings.Relay, settings.Port, settings.Security switch
        {
            MailOptions.Tls => SecureSocketOptions.SslOnConnect,
            MailOptions.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        }, cancellationToken);
        // Read each time: a password is replaced without a restart.
        if (settings.User.Length > 0) await client.AuthenticateAsync(settings.User, (await File.ReadAllLinesAsync(settings.PasswordFile, cancellationToken)).FirstOrDefault() ?? "", cancellationToken);
        return client;
    }

    private bool IsTheRelay(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (options.Value.AuthorityFile.Length == 0) return errors == SslPolicyErrors.None;
        if (certificate is not X509Certificate2 relay || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.ImportFromPemFile(options.Value.AuthorityFile);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var sent in chain?.ChainElements.Skip(1) ?? []) own.ChainPolicy.ExtraStore.Add(sent.Certificate);
        return own.Build(relay);
    }
}
