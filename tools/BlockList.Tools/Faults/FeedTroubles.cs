using BlockList.Tools.Conformance.Serving;

namespace BlockList.Tools.Faults;

/// <summary>A feed that fails in every way it can, a few polls each, and works again in between.</summary>
internal sealed class FeedTroubles(WatchedProvider provider, Findings findings)
{
    private const int Done = 0;
    private const int Polls = 3;

    private static readonly (string File, Misserving How, int Polls)[] Troubles =
    [
        ("", Misservings.Status(500), Polls),
        ("", Misservings.Status(503), Polls),
        ("timestamp.json", Misservings.HtmlWith200, Polls),
        ("list.txt", Misservings.HtmlWith200, Polls),
        ("list.txt", Misservings.Empty, Polls),
        ("timestamp.json", Misservings.CutHalfWay, Polls),
        ("list.txt", Misservings.CutHalfWay, Polls),
        ("list.txt", Misservings.Endless, Polls),
        // The agent waits a minute before it gives a server up that drips.
        ("list.txt", Misservings.DrippingSlowly, 1),
    ];

    public async Task RunAsync(CancellationToken ct)
    {
        provider.Vector.Repository.DeltaFile = _ => null;
        foreach (var (file, how, polls) in Troubles)
        {
            provider.Vector.Misserve(file, how);
            for (var poll = 0; poll < polls; poll++)
            {
                findings.Count();
                provider.PublishNext();
                if (await provider.Provider.ApplyAsync(ct) is not { ExitCode: not Done }) findings.Note("the agent did not see that the feed was in trouble");
            }
            provider.Vector.ServeHonestly();
            foreach (var problem in await provider.RecoverAsync(ct)) findings.Note(problem);
        }
    }
}
