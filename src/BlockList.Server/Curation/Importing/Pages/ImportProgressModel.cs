namespace BlockList.Server.Curation.Importing.Pages;

/// <summary>What is going on with an import; of the fragment that asks again every second.</summary>
internal sealed record ImportProgressModel(ImportLine Line);
