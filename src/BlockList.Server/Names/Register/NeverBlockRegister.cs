using BlockList.Format.Names;

namespace BlockList.Server.Names.Register;

/// <summary>
/// Names that must not be listed, as they stood at one revision: one table of imported sites, which changes rarely, and a
/// small one of everything else, which is made anew with each row.
/// </summary>
/// <param name="sites">Imported lists of sites.</param>
/// <param name="rows">All other sources.</param>
/// <param name="origins">The decisions that brought the rows, by the number that the tables hold; both tables share it.</param>
internal sealed class NeverBlockRegister(NameTable sites, NameTable rows, IReadOnlyList<Guid> origins)
{
    public static readonly NeverBlockRegister Empty = new(NameTable.Empty, NameTable.Empty, []);

    /// <summary>No list of sites was imported: nothing but single rows protects names that millions visit.</summary>
    public bool HasNoSites => sites.Count == 0;

    public int Count => sites.Count + rows.Count;

    /// <summary>Bytes that the tables take.</summary>
    public long Memory => sites.Memory + rows.Memory;

    /// <summary>Looks at the name, above it as far as its registrable domain, and below it.</summary>
    /// <param name="name">In lower-case A-labels.</param>
    /// <param name="registrable">Where its registrable domain begins. A row further up is of someone else: the company
    /// that gives out names is not what stands below one of them.</param>
    /// <param name="scope">With <see cref="Scope.Host"/>, what lies below is counted and not touched.</param>
    public RegisterMatch Find(string name, int registrable, Scope scope)
    {
        var match = default(RegisterMatch);
        foreach (var table in (ReadOnlySpan<NameTable>)[rows, sites])
        {
            if (table.Count == 0) continue;
            var found = table.Find(name);
            if (found.At != RegisterSources.None) match = With(match, found.At, new RegisterRow(table, found.Row, origins), RowPlace.At);
            if (found.Below != RegisterSources.None)
            {
                var row = new RegisterRow(table, found.RowBelow, origins);
                match = match with { NamesBelow = match.NamesBelow + found.CountBelow, GravestBelow = row.IsGraverThan(match.GravestBelow) ? row : match.GravestBelow };
                if (scope == Scope.Domain) match = With(match, found.Below, row, RowPlace.Below);
            }
            for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot < registrable; dot = name.IndexOf('.', dot + 1))
            {
                var above = table.Find(name.AsSpan(dot + 1));
                if (above.At != RegisterSources.None) match = With(match, above.At, new RegisterRow(table, above.Row, origins), RowPlace.Above);
            }
        }
        return match;
    }

    private static RegisterMatch With(RegisterMatch match, RegisterSources sources, RegisterRow row, RowPlace place) => row.IsGraverThan(match.Gravest)
        ? match with { Sources = match.Sources | sources, Gravest = row, Place = place }
        : match with { Sources = match.Sources | sources };
}
