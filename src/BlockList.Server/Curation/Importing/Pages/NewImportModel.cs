using BlockList.Server.Curation.Pages;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Importing.Pages;

/// <summary>The form of an upload.</summary>
/// <param name="Id">Of the form, and of the import that it becomes.</param>
/// <param name="Problem">Why the form came back, where no single field is to blame.</param>
internal sealed record NewImportModel(Guid Id, CriteriaInForce Criteria, IReadOnlyList<string> Lists, DateTimeOffset Now, FormValues Values, IReadOnlyList<FieldError> Errors, string? Problem,
    IReadOnlyDictionary<string, int> Navigation)
{
    public const string ListField = "list";
    public const string SkipField = "skip";
    public const string FileField = "file";
}
