using BlockList.Format.Lists;

namespace BlockList.Agent.Content;

/// <summary>A list as it came, with the hash that metadata names.</summary>
/// <param name="List">The list.</param>
/// <param name="Steps">From the held list to it; none where nothing was held.</param>
internal sealed record ReceivedContent(ListFile List, IReadOnlyList<Step> Steps);
