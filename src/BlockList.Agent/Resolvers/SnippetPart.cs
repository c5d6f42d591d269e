namespace BlockList.Agent.Resolvers;

/// <summary>A piece of a resolver's own configuration: whole lines that begin with a remark on where they belong.</summary>
internal sealed record SnippetPart(SnippetPlace Place, string Text);
