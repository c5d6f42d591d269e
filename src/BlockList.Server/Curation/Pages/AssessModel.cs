using BlockList.Format.Names;
using BlockList.Server.Criteria;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>The form of an assessment. It holds nothing of what other agencies found.</summary>
/// <param name="OwnVote">What the person's agency said of the entry, and this form would replace.</param>
/// <param name="Claim">Of the person's own agency.</param>
/// <param name="HasColleagues">Whether somebody else of the agency could assess it.</param>
/// <param name="Submission">Id of this form: it is carried out once.</param>
/// <param name="Problem">Why the form came back, where no single field is to blame.</param>
internal sealed record AssessModel(Guid Handle, string List, string Name, Scope Scope, int CriteriaVersion, IReadOnlyList<Criterion> Criteria, IReadOnlyList<ReferenceRow> References,
    TimelineRow? OwnVote, ClaimRow? Claim, bool HasColleagues, Guid Submission, DateTimeOffset Now, FormValues Values, IReadOnlyList<FieldError> Errors, string? Problem, string? Done,
    IReadOnlyDictionary<string, int> Navigation);

internal sealed record ReferenceRow(string Type, string Number);
