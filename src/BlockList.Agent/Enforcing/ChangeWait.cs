using BlockList.Format.Lists;

namespace BlockList.Agent.Enforcing;

/// <summary>
/// What waits while the change window is closed. What was blocked and is still listed stays blocked, and nothing else: so an
/// entry that only narrows another passes at once, and one that gives way to a wider one stays until the wider one may come.
/// </summary>
internal static class ChangeWait
{
    /// <param name="before">What was to be enforced until now.</param>
    /// <param name="after">What is to be enforced as soon as the window opens.</param>
    /// <returns>What to keep out and what to keep in until then.</returns>
    public static (ListFile Additions, ListFile Removals) Between(ListFile before, ListFile after)
    {
        var additions = ListFile.OfLines(after.Except(before).Lines.Where(line => !IsCovered(line, before)));
        if (additions.Count == 0) return (ListFile.Empty, ListFile.Empty);
        return (additions, ListFile.OfLines(before.Except(after).Lines.Where(line => IsCovered(line, additions))));
    }

    /// <summary>Whether a list has whatever an entry blocks.</summary>
    private static bool IsCovered(string line, ListFile by)
    {
        var isHost = line[0] == '=';
        if (isHost && by.Contains(line)) return true;
        for (var name = isHost ? line[1..] : line; ; name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (by.Contains(name)) return true;
            if (!name.Contains('.', StringComparison.Ordinal)) return false;
        }
    }
}
