using Microsoft.Extensions.Options;

namespace BlockList.Server.Providers.Issuing;

internal static class IssuingSetup
{
    public static IServiceCollection AddIssuing(this IServiceCollection services)
    {
        services.AddOptions<IssuingOptions>().BindConfiguration(IssuingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton(provider => IssuingAuthority.Open(provider.GetRequiredService<IOptions<IssuingOptions>>()))
            .AddSingleton<IssueCertificates>()
            .AddSingleton<FollowRequests>();
    }
}
