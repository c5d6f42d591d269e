namespace BlockList.Server.Curation.Importing.Pages;

/// <summary>A page of imports, newest first.</summary>
internal sealed record ImportsModel(IReadOnlyList<ImportLine> Lines, bool IsFirstPage, Guid? Next, bool MayImport, IReadOnlyDictionary<string, int> Navigation);
