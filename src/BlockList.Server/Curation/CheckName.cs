using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Curation.Pages;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Names.Register;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Curation;

/// <summary>Says of a name, while it is typed, what a proposal of it would meet. What other agencies did with it is not said:
/// an entry that waits for this agency is one to assess, whoever proposed it and when.</summary>
internal sealed class CheckName(IDbContextFactory<BlockListDb> contexts, CurrentGuard guards, MeasureBlast blast, TimeProvider clock)
{
    /// <returns>Null where nothing was typed.</returns>
    public async Task<NameVerdict?> RunAsync(string? typed, Scope scope, string list, Viewer person, CancellationToken cancellationToken)
    {
        var (host, wasReduced) = PastedAddress.Reduce(typed);
        if (host.Length == 0) return null;
        if (!DomainName.TryParse(host, out var name, out var problem)) return NameVerdict.Of(null, wasReduced, problem);
        var listed = new ListedName(name, scope);
        var verdict = (await guards.ReadAsync(cancellationToken)).Check(name, scope);
        if (verdict.Objection is { } unfit) return NameVerdict.Of(listed, wasReduced, unfit);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (printed, now) = (PrepareDecisions.PrintScope(scope), clock.GetUtcNow());
        var open = await db.Episodes.AsNoTracking().Where(e => e.List == list && e.Name == name.Ascii && e.Scope == printed && e.ClosedAt == null && e.LapsesAt > now)
            .Select(e => new { e.SubjectId, e.Voters }).SingleOrDefaultAsync(cancellationToken);
        var (standing, fix) = open is null ? (null, null)
            : person.Agency is { } agency && open.Voters.Split(' ').Contains(agency) ? ("Your agency has voted on this entry already", "Open it to record a new sighting or to change the vote.")
            : ((string?)$"This name is an entry of {list} already", (string?)"It waits for your agency's assessment: open it and assess it there.");
        return new NameVerdict(listed, wasReduced, null, standing, fix, verdict.Caution, await blast.RunAsync(listed, cancellationToken), await guards.FindWeaknessesAsync(cancellationToken), open?.SubjectId);
    }
}
