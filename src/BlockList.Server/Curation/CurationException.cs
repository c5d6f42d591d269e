namespace BlockList.Server.Curation;

/// <summary>A request that cannot be carried out, in a sentence for the person who made it. Nothing was changed.</summary>
internal sealed class CurationException(string message) : Exception(message);
