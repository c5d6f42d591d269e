using BlockList.Server.Names.Pages;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names;

internal static class NamesSetup
{
    /// <summary>What both roles that ask about names share.</summary>
    public static IServiceCollection AddSuffixes(this IServiceCollection services)
    {
        services.AddOptions<NamesOptions>().BindConfiguration(NamesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton(PublicSuffixes.BuiltIn);
    }

    /// <summary>The register as agencies see and change it.</summary>
    public static IServiceCollection AddRegister(this IServiceCollection services) =>
        services.AddSuffixes().AddSingleton<CurrentGuard>().AddSingleton<ChangeRegister>().AddSingleton<ReadRegister>().AddSingleton<AskRegister>().AddSingleton<FindTouched>().AddSingleton<CheckSiteFile>()
            .AddSingleton<RegisterScreens>().AddSingleton<ImportScreens>();
}
