using BlockList.Format.Names;

namespace BlockList.Server.Names.Register;

/// <summary>Answers what the register says of a name, by the guard that every proposal meets.</summary>
internal sealed class AskRegister(CurrentGuard guards, PublicSuffixes suffixes, ReadRegister rows)
{
    /// <returns>Null where nothing was typed.</returns>
    public async Task<RegisterAnswer?> RunAsync(string? typed, Scope scope, CancellationToken cancellationToken)
    {
        var (host, wasReduced) = PastedAddress.Reduce(typed);
        if (host.Length == 0) return null;
        if (!DomainName.TryParse(host, out var name, out var problem)) return new RegisterAnswer(null, wasReduced, problem, null, default, null, []);
        var guard = await guards.ReadAsync(cancellationToken);
        var registrable = Math.Max(suffixes.Locate(name.Ascii).Registrable, 0);
        var match = guard.Register.Find(name.Ascii, registrable, scope);
        var deciding = match.Gravest.Origin == Guid.Empty ? null : await rows.FindAsync(match.Gravest.Origin, cancellationToken);
        var others = (await rows.AroundAsync(name, registrable, cancellationToken)).Where(row => row.Id != deciding?.Id).ToList();
        return new RegisterAnswer(new ListedName(name, scope), wasReduced, null, guard.Check(name, scope), match, deciding, others);
    }
}
