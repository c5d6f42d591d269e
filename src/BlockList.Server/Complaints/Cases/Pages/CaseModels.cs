using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Complaints.Cases.Pages;

/// <param name="Tab">Id of one of <see cref="ReadCases.Tabs"/>.</param>
/// <param name="After">Cursor of the next page; null on the last.</param>
internal sealed record CasesModel(string Tab, IReadOnlyList<CaseRow> Rows, bool IsFirst, string? After, DateTimeOffset Now);

/// <param name="Case">As this reader sees it.</param>
/// <param name="WhyNot">Why they cannot decide it; null where they can.</param>
/// <param name="Criteria">Ids of criteria that can be named.</param>
/// <param name="Values">What stands in the form that came back.</param>
/// <param name="Step">Which form that is.</param>
/// <param name="Problem">Why it came back, where no field is to blame.</param>
/// <param name="Done">What the step before did.</param>
internal sealed record CaseModel(CaseView Case, string? WhyNot, IReadOnlyList<string> Criteria, FormValues Values, string? Step, IReadOnlyList<FieldError> Errors, string? Problem, string? Done, DateTimeOffset Now);

/// <param name="Calendar">As it stands.</param>
/// <param name="Values">What stands in the form that came back.</param>
/// <param name="Done">What the step before did.</param>
internal sealed record HolidaysModel(OfficeCalendar Calendar, FormValues Values, IReadOnlyList<FieldError> Errors, string? Done);
