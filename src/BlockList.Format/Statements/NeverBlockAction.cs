namespace BlockList.Format.Statements;

/// <summary>What a statement does to the never-block register.</summary>
public enum NeverBlockAction
{
    /// <summary>Enters one name.</summary>
    Add,

    /// <summary>Takes a row or an import out again.</summary>
    Retire,

    /// <summary>Replaces the imported list of sites by a file, named by its hash.</summary>
    Import,
}
