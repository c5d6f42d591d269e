using BlockList.Server.Complaints.Cases.Pages;

namespace BlockList.Server.Complaints.Cases;

internal static class CasesSetup
{
    /// <summary>Decisions about complaints; they are submitted with curation's.</summary>
    public static IServiceCollection AddCaseDecisions(this IServiceCollection services) =>
        services.AddSingleton<SignCaseDecision>().AddSingleton<SuspendEntry>().AddSingleton<EndSuspension>().AddSingleton<DecideComplaint>()
            .AddSingleton<CaseSteps>().AddSingleton<TriageCase>().AddSingleton<DecideCase>().AddSingleton<ResumeCase>().AddSingleton<WriteOnCase>().AddSingleton<KeepCalendar>();

    /// <summary>The pages of officers.</summary>
    public static IServiceCollection AddCasePages(this IServiceCollection services) => services.AddSingleton<ReadCases>().AddSingleton<ReadCase>().AddSingleton<CaseScreen>();
}
