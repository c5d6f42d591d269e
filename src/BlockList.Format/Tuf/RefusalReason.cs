namespace BlockList.Format.Tuf;

/// <summary>Why a client refused metadata or a file.</summary>
public enum RefusalReason
{
    /// <summary>Not a document of this format.</summary>
    Malformed,

    /// <summary>Too few valid signatures of the keys that may sign.</summary>
    Signature,

    /// <summary>A version lower than one that was already trusted.</summary>
    Rollback,

    /// <summary>A version other than the one that the document above names, or a root that skips one.</summary>
    Version,

    /// <summary>Length or hash differ from what the document above names.</summary>
    Hash,

    /// <summary>Past its date: whoever serves it holds back newer ones, or the publisher stands still.</summary>
    Expired,

    /// <summary>Signed for another deployment or another list.</summary>
    Foreign,

    /// <summary>Not what the transparency log says: what is served here was not shown to everyone.</summary>
    Log,
}
