using BlockList.Server.Names;
using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Publishing.Rebuilding;
using BlockList.Server.Signing;

namespace BlockList.Server.Publishing;

internal static class PublishingSetup
{
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddOptions<PublishingOptions>().BindConfiguration(PublishingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<SigningOptions>().BindConfiguration(SigningOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSuffixes().AddSingleton<OpenGuard>().AddSingleton<TakeNeverBlock>().AddSingleton<TakeVersionDecisions>().AddSingleton<GateList>().AddSingleton<OnlineKeys>().AddSingleton<PinnedRegister>().AddSingleton<LedgerReplay>()
            .AddSingleton<TakeDecisions>().AddSingleton<AskVerifier>().AddSingleton<SignVersion>().AddSingleton<PublishVersion>().AddSingleton<RenewMetadata>()
            .AddSingleton<TakeRoot>().AddSingleton<RecordedRegisters>().AddSingleton<VerifyLedger>().AddTransient<DeriveList>().AddTransient<RebuildVersion>().AddSingleton<WatchLists>().AddSingleton<PublishUrgent>().AddSingleton<SweepSchedule>();
    }
}
