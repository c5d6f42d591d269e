using BlockList.Server.Criteria;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>The form of a proposal.</summary>
/// <param name="Submission">Id of this form: it is carried out once.</param>
/// <param name="Problem">Why the form came back, where no single field is to blame.</param>
internal sealed record ProposeModel(string List, IReadOnlyList<string> Lists, int CriteriaVersion, IReadOnlyList<Criterion> Criteria, int LeaseMonths, NameVerdict? Verdict, Guid Submission,
    DateTimeOffset Now, FormValues Values, IReadOnlyList<FieldError> Errors, string? Problem, string? Done, IReadOnlyDictionary<string, int> Navigation);
