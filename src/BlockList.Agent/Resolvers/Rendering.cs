namespace BlockList.Agent.Resolvers;

/// <summary>What was rendered beside the files in place and read back from the disk.</summary>
/// <param name="Sha256">Hash of the rendered files.</param>
/// <param name="LeftOut">Entries of the list that this resolver cannot express exactly, and therefore not at all.</param>
internal sealed record Rendering(string Sha256, int LeftOut);
