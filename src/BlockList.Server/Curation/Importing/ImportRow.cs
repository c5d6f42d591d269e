using BlockList.Format.Names;
using BlockList.Format.Statements;

namespace BlockList.Server.Curation.Importing;

/// <summary>One row of an import file that holds.</summary>
/// <param name="Line">Line of the file, the header being 1.</param>
internal sealed record ImportRow(int Line, ListedName Name, DateTimeOffset SightedAt, Verdicts Verdicts,
    string? ReferenceType, string? ReferenceNumber, string? Note);
