namespace BlockList.Server.Providers;

internal static class ProvidersSetup
{
    public static IServiceCollection AddProviders(this IServiceCollection services) => services
        .AddSingleton<RegisterProvider>()
        .AddSingleton<EnrolCertificate>()
        .AddSingleton<RevokeCertificate>()
        .AddSingleton<SuspendProvider>();
}
