using Microsoft.Extensions.Options;
using MimeKit;

namespace BlockList.Server.Mail;

/// <summary>Puts each mail into a folder, as a file that mail programs open: for demonstrations.</summary>
internal sealed class FolderTransport(IOptions<MailOptions> options) : IMailTransport
{
    public async Task<SendOutcome> SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        // A second copy has the same id, and takes the place of the first.
        var path = Path.Combine(options.Value.Folder, $"{message.MessageId!.Split('@')[0]}.eml");
        try
        {
            Directory.CreateDirectory(options.Value.Folder);
            await message.WriteToAsync(path + ".new", cancellationToken);
            File.Move(path + ".new", path, overwrite: true);
            return new SendOutcome.Sent();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new SendOutcome.Later(problem.Message, IsRelay: true);
        }
    }

    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
