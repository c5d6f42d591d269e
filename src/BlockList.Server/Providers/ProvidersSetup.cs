using BlockList.Server.Providers.Applications;
using BlockList.Server.Providers.Enrolling;
using BlockList.Server.Providers.Hosts;

namespace BlockList.Server.Providers;

internal static class ProvidersSetup
{
    public static IServiceCollection AddProviders(this IServiceCollection services) => services
        .AddSingleton<RegisterProvider>()
        .AddSingleton<EnrolCertificate>()
        .AddSingleton<MakeCode>()
        .AddSingleton<RevokeCertificate>()
        .AddSingleton<SuspendProvider>()
        .AddSingleton<GrantList>();

    /// <summary>The page of applications, of the role that shows pages.</summary>
    public static IServiceCollection AddApplications(this IServiceCollection services)
    {
        services.AddOptions<BundleOptions>().BindConfiguration(BundleOptions.Section);
        return services.AddSingleton<MakeCode>().AddSingleton<ApproveApplication>().AddSingleton<RefuseApplication>().AddSingleton<MakeBundle>().AddSingleton<ApplicationScreens>();
    }

    /// <summary>The page of proven hosts, of the role that shows pages.</summary>
    public static IServiceCollection AddHosts(this IServiceCollection services) => services.AddSingleton<HostScreens>();
}
