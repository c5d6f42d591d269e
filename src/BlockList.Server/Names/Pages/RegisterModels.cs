using BlockList.Format.Names;
using BlockList.Server.Http.Pages;
using BlockList.Server.Names.Register;

namespace BlockList.Server.Names.Pages;

/// <summary>The register: a question and its answer, what it holds, its newest rows.</summary>
/// <param name="Asked">As it was typed.</param>
/// <param name="Source">Whose rows alone are shown; all where null.</param>
internal sealed record RegisterModel(string Asked, Scope Scope, RegisterAnswer? Answer, RegisterSummary Summary, IReadOnlyList<string> Weaknesses, RegisterSource? Source, RegisterStatements Rows, bool IsFirstPage);

/// <summary>One statement and, where it is in force, the form that takes it out.</summary>
/// <param name="IsInForce">Of rows and lists.</param>
/// <param name="Errors">What is wrong with the form.</param>
/// <param name="Problem">Why it came back, where no field is to blame.</param>
/// <param name="Done">What the step before did.</param>
internal sealed record RegisterRowModel(RegisterStatement Row, bool IsInForce, string Reason, IReadOnlyList<FieldError> Errors, NameProblem? Problem, string? Done);

/// <summary>Every statement about the register.</summary>
internal sealed record RegisterHistoryModel(RegisterStatements Rows, bool IsFirstPage);

/// <summary>What somebody typed to enter a name.</summary>
/// <param name="Checked">Of the form that asks for confirmation: what it said. Another name, source or number is asked anew.</param>
internal sealed record TypedRow(string Name, string Source, string Reason, string Checked)
{
    public static readonly TypedRow Empty = new("", "", "", "");
}

/// <param name="Preview">What entering it would do; null until the name was understood.</param>
internal sealed record AddRowModel(TypedRow Typed, AddPreview? Preview, IReadOnlyList<FieldError> Errors, NameProblem? Problem);

/// <param name="Touched">Published entries that it would stand against, by list.</param>
/// <param name="Seal">What the confirmation carries back.</param>
internal sealed record AddPreview(DomainName Name, RegisterSource Source, IReadOnlyList<(string List, int Entries)> Touched, string Seal)
{
    public int Entries => Touched.Sum(t => t.Entries);
}

/// <param name="Sites">In force, or null.</param>
/// <param name="Refused">How a file reads that was not taken.</param>
internal sealed record ImportSitesModel(RegisterStatement? Sites, IReadOnlyList<FieldError> Errors, SiteFile? Refused);

internal sealed record ImportPlanModel(SiteImportPlan Plan, string Reason, IReadOnlyList<FieldError> Errors, NameProblem? Problem);
