using Microsoft.Extensions.Options;

namespace BlockList.Server.Mail;

internal static class MailSetup
{
    /// <summary>What sends mails: of the worker alone. Whoever writes one uses <see cref="WriteMail"/>, which needs nothing of this.</summary>
    public static IServiceCollection AddMailSending(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ComposeMail>().AddSingleton<SendMail>().AddSingleton<ForgetMail>();
        return services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>() is { Value.Folder.Length: > 0 } folder
            ? new FolderTransport(folder) : new SmtpTransport(provider.GetRequiredService<IOptions<MailOptions>>()));
    }
}
