namespace BlockList.Agent.Resolvers;

/// <summary>Where a piece of a resolver's configuration belongs.</summary>
internal enum SnippetPlace
{
    /// <summary>Beside everything else, or in a file of its own that is included there.</summary>
    TopLevel,

    /// <summary>In BIND's one <c>options</c> block.</summary>
    Options,
}
