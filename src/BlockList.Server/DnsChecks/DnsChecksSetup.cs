using Microsoft.Extensions.Options;

namespace BlockList.Server.DnsChecks;

internal static class DnsChecksSetup
{
    /// <summary>What asks DNS: of the role <c>checker</c> alone, which has its own way out.</summary>
    public static IServiceCollection AddDns(this IServiceCollection services)
    {
        services.AddOptions<DnsOptions>().BindConfiguration(DnsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<DnsOptions>, DnsOptionsCheck>();
        return services.AddSingleton<UnboundContexts>().AddSingleton<IDnsResolver, UnboundResolver>().AddSingleton<ReadTxtAtAuthority>();
    }

    /// <summary>What pages do with proofs: asks for them and reads what was found. None of it speaks to DNS.</summary>
    public static IServiceCollection AddProofs(this IServiceCollection services) =>
        services.AddSingleton<AskProof>().AddSingleton<RecheckProof>().AddSingleton<ReadProofs>();
}
