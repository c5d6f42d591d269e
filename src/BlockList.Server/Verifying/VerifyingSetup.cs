using BlockList.Server.Names;
using BlockList.Server.Publishing;

namespace BlockList.Server.Verifying;

internal static class VerifyingSetup
{
    public static IServiceCollection AddVerifying(this IServiceCollection services)
    {
        services.AddOptions<VerifyingOptions>().BindConfiguration(VerifyingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSuffixes().AddSingleton<OpenGuard>().AddSingleton<VerifierRegisters>().AddSingleton<VerifierKeys>().AddSingleton<RecordKey>().AddSingleton<RecordFile>().AddSingleton<RecallSigned>().AddSingleton<ResumeSigning>().AddSingleton<VerifyingRecord>().AddSingleton<SignedLists>().AddSingleton<TargetsNumbers>()
            .AddSingleton<VerifiedLedger>().AddSingleton<VerifyRemovals>().AddSingleton<VerifyResigned>().AddSingleton<WatchEvaluation>().AddSingleton<VerifyCandidate>().AddSingleton<FollowCandidates>();
    }
}
