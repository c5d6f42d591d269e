using BlockList.Server.Names;
using BlockList.Server.Publishing;

namespace BlockList.Server.Verifying;

internal static class VerifyingSetup
{
    public static IServiceCollection AddVerifying(this IServiceCollection services)
    {
        services.AddOptions<VerifyingOptions>().BindConfiguration(VerifyingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSuffixes().AddSingleton<OpenGuard>().AddSingleton<VerifierRegisters>().AddSingleton<VerifierKeys>().AddSingleton<RecordKey>().AddSingleton<VerifyingRecord>().AddSingleton<SignedLists>()
            .AddSingleton<VerifiedLedger>().AddSingleton<VerifyCandidate>().AddSingleton<FollowCandidates>();
    }
}
