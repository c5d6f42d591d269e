using BlockList.Server.Publishing.Alarms;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Pages;

namespace BlockList.Server.Publishing;

internal static class VersionsSetup
{
    /// <summary>What the pages of lists and versions read with. The publisher itself is not part of it.</summary>
    public static IServiceCollection AddVersions(this IServiceCollection services) =>
        services.AddSingleton<ReadLists>().AddSingleton<ReadChanges>().AddSingleton<ReadDeciders>()
            .AddSingleton<ReadHeld>().AddSingleton<DecideHeld>().AddSingleton<HeldScreen>().AddSingleton<ReadAlarms>();
}
