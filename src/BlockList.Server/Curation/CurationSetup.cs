using BlockList.Server.Access;
using BlockList.Server.Curation.Importing;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Curation.Reading;
using BlockList.Server.Curation.Work;
using BlockList.Server.DnsChecks;
using BlockList.Server.Names;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlockList.Server.Curation;

internal static class CurationSetup
{
    public static IServiceCollection AddCuration(this IServiceCollection services)
    {
        services.AddOptions<RelyingPartyOptions>().BindConfiguration(RelyingPartyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddRegister().AddProofs();
        // A development build has registered one that signs.
        services.TryAddSingleton<IStatementSigner, NoSignDesk>();
        services.AddSingleton<ReadCriteria>().AddSingleton<MeasureBlast>().AddSingleton<CheckName>().AddSingleton<SignAndSubmit>()
            .AddSingleton<CountQueues>().AddSingleton<ReadColleagues>().AddSingleton<ReadQueue>().AddSingleton<FindEntries>().AddSingleton<ReadEntry>()
            .AddSingleton<TakeClaim>().AddSingleton<ReleaseClaim>().AddSingleton<HandOverClaim>().AddSingleton<DeclareConflict>().AddSingleton<AddReference>().AddSingleton<AddNotification>().AddSingleton<SavedFilters>()
            .AddSingleton<ProposeForm>().AddSingleton<AssessForm>().AddSingleton<EntryScreen>();
        return services.AddSingleton<LoadRegisterCopy>().AddSingleton<StageImport>().AddSingleton<PrepareDecisions>()
            .AddSingleton<SubmitDecisions>().AddSingleton<ReadEntries>().AddSingleton<SetSchedule>().AddSingleton<CheckFile>();
    }

    /// <summary>Uploads and the work on them, of the role that shows pages; the commands do theirs themselves.</summary>
    public static IServiceCollection AddImports(this IServiceCollection services) =>
        services.AddSingleton<ImportRunner>().AddHostedService(provider => provider.GetRequiredService<ImportRunner>()).AddSingleton<ImportWork>().AddSingleton<UploadImport>()
            .AddSingleton<CommitImport>().AddSingleton<RevertImport>().AddSingleton<DiscardImport>().AddSingleton<ReadImports>().AddSingleton<ReadImportRows>().AddSingleton<ReadFindings>().AddSingleton<ImportPages>();
}
