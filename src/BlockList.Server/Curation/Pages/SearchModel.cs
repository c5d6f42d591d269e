using BlockList.Format.Names;
using BlockList.Server.Http.Pages;

namespace BlockList.Server.Curation.Pages;

/// <summary>A page of what was found.</summary>
/// <param name="Problem">Why nothing could be looked for.</param>
/// <param name="FilterName">Typed for a filter that could not be saved.</param>
/// <param name="After">Where the next page goes on; null after the last.</param>
internal sealed record SearchModel(FormValues Values, IReadOnlyList<string> Lists, IReadOnlyList<ColleagueRow> Agencies, IReadOnlyList<FoundRow> Rows, bool WasAsked, bool IsFirstPage, string? After,
    string? Problem, IReadOnlyList<SavedFilterRow> Saved, string? Done, string FilterName, IReadOnlyDictionary<string, int> Navigation)
{
    /// <summary>As a query string without the page.</summary>
    public string Query => string.Join('&', SearchFields.All.Where(name => Values[name].Length > 0).Select(name => $"{name}={Uri.EscapeDataString(Values[name])}"));
}

internal sealed record FoundRow(Guid Handle, string List, string Name, Scope Scope, EntryState State, int? PublishedSince, DateTimeOffset? NewestSighting, IReadOnlyList<string> References,
    string? Guard);

internal sealed record SavedFilterRow(Guid Id, string Name, string Query);

internal static class SearchFields
{
    public const string Text = "q";
    public const string Reference = "reference";
    public const string Agency = "agency";
    public const string State = "state";
    public const string List = "list";

    public static readonly string[] All = [Text, Reference, Agency, State, List];
}
