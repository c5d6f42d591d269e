using BlockList.Format.Lists;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Publishing.Gates;

namespace BlockList.Server.Publishing.Ledger;

/// <summary>Who may decide about a held version: the pair of eyes that the gate asks for, and no one whose own work is held.</summary>
internal static class VersionRules
{
    /// <param name="statement">Authentic.</param>
    /// <param name="credential">That signed it.</param>
    /// <param name="held">The version it names as it was held, or null where there is none. Whether it is over meanwhile is not asked: that
    /// changes between the word and its taking, and a word on what is over does nothing.</param>
    /// <param name="state">To look up who decided what is held.</param>
    /// <param name="register">In force.</param>
    public static string? FindObjection(VersionStatement statement, RegisteredCredential credential, HeldVersion? held, LedgerState state, AgencyRegister register)
    {
        if (held is null || held.List != statement.List) return "there is no such held version";
        if (held.ChangeSha256 != statement.ChangeSha256) return "the change is another one than the statement says";
        if (!register.Lists.TryGetValue(statement.List, out var list)) return "the register has no such list";
        if (!list.IsOpenTo(register.Agencies.GetValueOrDefault(statement.Agency))) return "the list is of another country than the agency";
        // Nobody but the owner of a list empties it; to leave it as it is, either will do.
        var roles = held.Gates.HasFlag(Gate.Empty) && statement.Action == VersionAction.Confirm ? [RegisteredCredential.ListOwner]
            : new[] { RegisteredCredential.ReleaseOfficer, RegisteredCredential.ListOwner };
        if (!credential.Roles.Any(roles.Contains))
            return roles.Length == 1 ? "only the list's owner lets it become empty" : "the person is neither a release officer nor the list's owner";
        return IsOwnWork(statement.List, held.Change, statement.Person, state) ? "the person decided part of what is held" : null;
    }

    private static bool IsOwnWork(string list, Delta change, string person, LedgerState state)
    {
        var names = new HashSet<ListedName>();
        foreach (var line in change.Added.Concat(change.Removed))
            if (ListedName.TryParse(line, out var name)) names.Add(name);
        return state.Episodes.Any(episode => episode.List == list && names.Contains(episode.Name) && episode.HasDecisionBy(person));
    }
}
