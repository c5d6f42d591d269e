namespace BlockList.Server.Curation.Pages;

internal sealed record QueueTabsModel(QueueTab Tab, string List, IReadOnlyDictionary<string, int> Counts);
