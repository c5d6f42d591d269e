using BlockList.Format.Log;
using BlockList.Format.Tuf;

namespace BlockList.Server.Publishing;

/// <summary>One step of a list's log, signed and ready to be stored with what it speaks of.</summary>
/// <param name="Leaf">The new leaf.</param>
/// <param name="Nodes">The subtrees that it completes.</param>
/// <param name="Checkpoint">The log with it.</param>
/// <param name="Before">The log before it; null where it is the first.</param>
/// <param name="Proof">What shows it to a client that knows <paramref name="Before"/>.</param>
internal sealed record LogAppend(LogLeaf Leaf, IReadOnlyDictionary<TreeNode, byte[]> Nodes, Checkpoint Checkpoint, Checkpoint? Before, LogProof Proof)
{
    /// <summary>Reads it back as a client would: a log that a client would take for another one stops every filter's updates.</summary>
    /// <exception cref="RefusedException">A client would refuse it.</exception>
    public void VerifyAsClient(RootDocument root) => LogProof.Parse(Proof.ToBytes()).Open(Leaf, Before, Checkpoint.OriginOf(root.Deployment, root.List), root.LogKey!);
}
