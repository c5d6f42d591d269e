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

    /// <summary>How another list of sites differs from this one: names that only it has, and names that it has not.</summary>
    public (int New, int Gone) CompareSites(NameTable other) => (other.CountMissingIn(sites), sites.CountMissingIn(other));

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
        var (all, gravest) = (RegisterSources.None, default(Candidate));
        var (below, exampleBelow) = (0, default(Candidate));
        foreach (var table in (ReadOnlySpan<NameTable>)[rows, sites])
        {
            if (table.Count == 0) continue;
            var found = table.Find(name);
            if (found.At != RegisterSources.None) Take(found.At, new Candidate(table, found.Row, RowPlace.At));
            if (found.Below != RegisterSources.None)
            {
                below += found.CountBelow;
                var candidate = new Candidate(table, found.RowBelow, RowPlace.Below);
                if (candidate.IsGraverThan(exampleBelow)) exampleBelow = candidate;
                if (scope == Scope.Domain) Take(found.Below, candidate);
            }
            for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot < registrable; dot = name.IndexOf('.', dot + 1))
            {
                var above = table.Find(name.AsSpan(dot + 1));
                if (above.At != RegisterSources.None) Take(above.At, new Candidate(table, above.Row, RowPlace.Above));
            }
        }
        if (all == RegisterSources.None && below == 0) return default;
        var origin = gravest.Table is null ? Guid.Empty : origins.Count == 0 ? Guid.Empty : origins[gravest.Origin];
        return new RegisterMatch(all, gravest.Place, gravest.Name, gravest.Rank, origin, below, exampleBelow.Table is null ? null : exampleBelow.Name);

        void Take(RegisterSources sources, Candidate candidate)
        {
            all |= sources;
            if (candidate.IsGraverThan(gravest)) gravest = candidate;
        }
    }

    private readonly record struct Candidate(NameTable? Table, int Row, RowPlace Place)
    {
        public string Name => Table?.NameOf(Row) ?? "";

        public int Rank => Table?.RowAt(Row).Rank ?? 0;

        public int Origin => Table!.RowAt(Row).Origin;

        /// <summary>Of two rows of one source, the nearer one is told.</summary>
        public bool IsGraverThan(Candidate other) => other.Table is null || Table!.RowAt(Row).Source > other.Table.RowAt(other.Row).Source;
    }
}
