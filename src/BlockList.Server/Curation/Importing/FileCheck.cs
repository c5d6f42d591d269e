using BlockList.Format.Names;

namespace BlockList.Server.Curation.Importing;

/// <summary>What a file comes to: errors, all of them, or rows to stage.</summary>
/// <param name="Errors">Where there are any, nothing of the file is staged.</param>
/// <param name="Rows">To stage.</param>
/// <param name="Known">Names among them that another agency proposed: tasks to review, never votes.</param>
/// <param name="Skipped">Left aside, because the agency has assessed them.</param>
/// <param name="Warnings">Worth a look before anyone signs.</param>
/// <param name="CriteriaSha256">What the verdicts are about.</param>
internal sealed record FileCheck(IReadOnlyList<ImportError> Errors, IReadOnlyList<ImportRow> Rows, IReadOnlySet<ListedName> Known, IReadOnlyList<ImportRow> Skipped,
    IReadOnlyList<ImportError> Warnings, string CriteriaSha256)
{
    public int Reviews { get; } = Rows.Count(row => Known.Contains(row.Name));

    public int Proposals => Rows.Count - Reviews;
}
