using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Importing.Pages;

/// <summary>An import with one page of its rows or of what was found of them.</summary>
/// <param name="Kind">Of <see cref="ImportFinding"/>: what is shown in place of rows; null for rows.</param>
/// <param name="Submission">Of the form that decides.</param>
/// <param name="MayAct">Whether this person is a curator of its agency.</param>
internal sealed record ImportModel(ImportLine Line, RowFilter Filter, RowPage? Rows, string? Kind, IReadOnlyList<ImportFinding> Findings, int? NextFinding, bool IsFirstPage,
    Guid Submission, bool MayAct, string? ListProblem, IReadOnlyList<FieldError> Errors, string? Problem, string Confirmation, IReadOnlyDictionary<string, int> Navigation)
{
    public const string ConfirmField = "confirm";

    public Import Import => Line.Import;
}

/// <summary>What a revert would do, and its form.</summary>
internal sealed record RevertModel(ImportLine Line, RevertPreview Preview, bool OnlyKept, bool IsFirstPage, Guid Submission, FormValues Values, IReadOnlyList<FieldError> Errors, string? Problem,
    IReadOnlyDictionary<string, int> Navigation)
{
    public const string ReasonField = "reason";
}
