using BlockList.Server.Names;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Publishing.Rebuilding;
using BlockList.Server.Publishing.Resuming;
using BlockList.Server.Signing;

namespace BlockList.Server.Publishing;

internal static class PublishingSetup
{
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddOptions<PublishingOptions>().BindConfiguration(PublishingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SigningOptions>().BindConfiguration(SigningOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSuffixes().AddSingleton<OpenGuard>().AddSingleton<TakeStatements>().AddSingleton<TakeNeverBlock>().AddSingleton<TakeVersionDecisions>().AddSingleton<GateList>().AddSingleton<HoldVersion>().AddSingleton<OnlineKeys>().AddSingleton<PinnedRegister>().AddSingleton<LedgerReplay>()
            .AddSingleton<TakeDecisions>().AddSingleton<AskVerifier>().AddSingleton<SignVersion>().AddSingleton<PublishFromBroken>().AddSingleton<PublishVersion>().AddSingleton<RenewMetadata>()
            .AddSingleton<TakeRoot>().AddSingleton<ResumeList>().AddSingleton<RecordedRegisters>().AddSingleton<VerifyLedger>().AddTransient<DeriveList>().AddTransient<RebuildVersion>().AddSingleton<StoppedCredentials>().AddSingleton<WatchLists>().AddSingleton<PublishUrgent>().AddSingleton<SweepSchedule>();
    }
}
