using BlockList.Server.Access;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Names;

namespace BlockList.Server.Curation;

internal static class CurationSetup
{
    public static IServiceCollection AddCuration(this IServiceCollection services)
    {
        services.AddOptions<RelyingPartyOptions>().BindConfiguration(RelyingPartyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(PublicSuffixes.BuiltIn);
        return services.AddSingleton<NameGuard>().AddSingleton<LoadRegisterCopy>().AddSingleton<StageImport>().AddSingleton<PrepareDecisions>()
            .AddSingleton<SubmitDecisions>().AddSingleton<ReadEntries>().AddSingleton<SetSchedule>();
    }
}
