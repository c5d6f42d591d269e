namespace BlockList.Server.Complaints.Cases;

internal static class CasesSetup
{
    /// <summary>Decisions about complaints; they are submitted with curation's.</summary>
    public static IServiceCollection AddCaseDecisions(this IServiceCollection services) =>
        services.AddSingleton<SignCaseDecision>().AddSingleton<SuspendEntry>().AddSingleton<EndSuspension>().AddSingleton<DecideComplaint>();
}
