using System.Net;
using BlockList.Agent.Dns;

namespace BlockList.Tools.Conformance.Running;

/// <summary>Asks the resolver what it blocks: not what the agent says counts, but what a visitor would get.</summary>
internal static class InForce
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>What differs from the list, in a few words each; no name that is asked for exists nowhere, so an answer without
    /// an address is a block.</returns>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(IPEndPoint resolver, NamedList expected, IEnumerable<NamedList> others, CancellationToken ct)
    {
        var questions = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var entry in others.SelectMany(list => list.Entries).Append("innocent.example").Concat(expected.Entries))
        {
            var name = entry.TrimStart('=');
            questions[name] = IsBlocked(name, expected);
            if (FitsBelow(name)) questions["below." + name] = IsBlocked("below." + name, expected);
        }
        var answers = await Task.WhenAll(questions.Select(async q => (q.Key, Due: q.Value, Blocked: await IsBlockedAsync(resolver, q.Key, ct))));
        return [.. answers.Where(a => a.Blocked != a.Due).Select(a => a.Blocked ? $"blocks {a.Key}" : $"lets {a.Key} through")];
    }

    private static bool IsBlocked(string name, NamedList list) =>
        list.Entries.Any(entry => entry[0] == '=' ? entry[1..] == name : entry == name || name.EndsWith("." + entry, StringComparison.Ordinal));

    private static bool FitsBelow(string name) => name.Length + "below.".Length <= Format.Names.NameLimits.Text;

    private static async Task<bool> IsBlockedAsync(IPEndPoint resolver, string name, CancellationToken ct) =>
        (await DnsProbe.QueryAsync(resolver, name, DnsType.A, Patience, ct)).Addresses.Count == 0;
}
