using BlockList.Agent.Configuration;
using BlockList.Agent.Resolvers;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Checking;

/// <summary>
/// Looks at everything that a configuration names, before a poll stumbles over it: files, directories, keys, roots, the
/// resolver. Nothing is changed, and one problem does not hide the next.
/// </summary>
internal sealed class CheckSetup(AgentConfiguration configuration, TimeProvider time, Patience patience)
{
    /// <summary>What is due for renewal, by the time that a person takes for it.</summary>
    private static readonly TimeSpan EndsSoon = TimeSpan.FromDays(14);

    public async Task<IReadOnlyList<Finding>> RunAsync(bool online, CancellationToken ct)
    {
        var findings = new List<Finding> { Identity() };
        findings.Add(await LookAsync($"[agent] state {configuration.StateDirectory}", () => DirectoryCheck.RequireWritable(configuration.StateDirectory)));
        if (configuration.MetricsFile is { } metrics)
            findings.Add(await LookAsync($"[agent] metrics {metrics}", () => DirectoryCheck.RequireWritable(Path.GetDirectoryName(metrics)!)));
        foreach (var list in configuration.Lists)
        {
            findings.Add(await LookAsync($"[list {list.Id}] root", () => Root(list)));
            findings.Add(await LookAsync($"[list {list.Id}] zonefile {list.ZoneFile}", () => DirectoryCheck.RequireWritable(Path.GetDirectoryName(list.ZoneFile)!)));
            if (list.ChangeWindows is { } windows)
                findings.Add(new Finding($"[list {list.Id}] changewindow {windows}, in UTC: {(windows.OpensAt(time.GetUtcNow()) is { } at ? $"opens at {at.UtcDateTime:ddd dd MMM yyyy, HH:mm}" : "open now")}", null));
            findings.Add(new Finding($"[resolver {list.Resolver.Name}] zone {list.Zone}", await ResolverAsync(list, ct)));
        }
        if (online) findings.Add(await OnlineAsync(ct));
        return findings;
    }

    private Finding Identity()
    {
        var what = $"[server] ca, certificate and key of {configuration.Server.Certificate}";
        try
        {
            using var identity = ClientIdentity.Load(configuration.Server);
            var (from, until, now) = (identity.Certificate.NotBefore.ToUniversalTime(), identity.Certificate.NotAfter.ToUniversalTime(), time.GetUtcNow());
            return new Finding(what, now > until ? $"it ended on {until:ddd d MMM yyyy}. Ask the operator for a new one."
                : now < from ? $"it begins on {from:ddd d MMM yyyy}. Is this clock right?"
                : until - now < EndsSoon ? $"it ends in {(int)(until - now).TotalDays} days. Ask the operator for a new one."
                : null);
        }
        catch (ConfigurationException problem)
        {
            return new Finding(what, problem.Message);
        }
    }

    private void Root(ListSettings list)
    {
        var root = new TrustedMetadata(new ListState(configuration.StateDirectory, list.Id).ReadRoot(), time.GetUtcNow()).Root;
        if (root.List != list.Id) throw new ConfigurationException($"it is for list \"{root.List}\". Run \"blocklist-agent enroll\" again.");
    }

    private static async Task<string?> ResolverAsync(ListSettings list, CancellationToken ct)
    {
        var parts = await KnownResolvers.Of(list).LoadedAsync(ct);
        return parts.Any(p => !p.Answered) ? $"\"{string.Join(' ', list.Resolver.Control)}\" does not get an answer. Check that the resolver runs, that its control is enabled, and that this user may use it."
            : parts.FirstOrDefault(p => p.Serial is null) is { } missing ? $"the resolver has not loaded {missing.What}. Give it what \"blocklist-agent config print {list.Resolver.Name}\" prints, and start it again."
            : null;
    }

    private async Task<Finding> OnlineAsync(CancellationToken ct)
    {
        var what = $"[server] address {configuration.Server.Address.Authority}";
        return await LookAsync(what, async () =>
        {
            using var server = new ServerConnection(configuration.Server, patience, new ServerPause(configuration.StateDirectory, time));
            var known = await WhoAmI.AskAsync(server, ct);
            if (configuration.Lists.Select(l => l.Id).Except(known.Lists).FirstOrDefault() is { } refused)
                throw new ConfigurationException($"it does not let {known.Provider} read list {refused}. Ask the operator for it, or remove [list {refused}].");
        });
    }

    private static Task<Finding> LookAsync(string what, Action look) => LookAsync(what, () =>
    {
        look();
        return Task.CompletedTask;
    });

    private static async Task<Finding> LookAsync(string what, Func<Task> look)
    {
        try
        {
            await look();
            return new Finding(what, null);
        }
        catch (Exception problem) when (Failure.Of(problem) is { } failure)
        {
            return new Finding(what, failure.Message);
        }
    }
}
