using System.Text;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Log;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Data;
using BlockList.Server.Signing;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Publishing;

/// <summary>A list's log as a run goes on from it: what was signed of it last, and the few hashes that the next leaf needs.</summary>
/// <param name="Checkpoint">Its newest checkpoint; null for a log without leaves.</param>
/// <param name="Peaks">The complete subtrees that it is made of.</param>
internal sealed record LogState(Checkpoint? Checkpoint, IReadOnlyDictionary<TreeNode, byte[]> Peaks)
{
    public static LogState Empty { get; } = new(null, new Dictionary<TreeNode, byte[]>());

    /// <summary>The highest targets version that it shows.</summary>
    public int TargetsVersion { get; init; }

    private long Size => Checkpoint?.Size ?? 0;

    /// <summary>Reads the log and looks for the newest targets in it. It may have later leaves: another publisher has gone on since, and this
    /// run will not be the one that moves the head; or leaves came back from an outside copy after a restore.</summary>
    /// <param name="db">The publisher's.</param>
    /// <param name="root">The root under which those targets were signed. Where it names no log key there is no log yet.</param>
    /// <param name="newest">The newest root, whose log key may have signed already.</param>
    /// <param name="offered">The newest targets, as served, and their version; null before the first.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    /// <exception cref="SigningException">What is stored is not what the log key signed.</exception>
    public static async Task<LogState> ReadAsync(BlockListDb db, RootDocument root, RootDocument newest, (int Version, byte[] Targets)? offered, CancellationToken cancellationToken)
    {
        if (root.LogKey is not { } key) return Empty;
        var rows = db.LogLeaves.AsNoTracking().Where(l => l.List == root.List);
        var last = await rows.OrderByDescending(l => l.Position).FirstOrDefaultAsync(cancellationToken);
        if (offered is null && last is null) return Empty;
        var exposed = offered is not { } newestTargets ? last
            : await rows.SingleOrDefaultAsync(l => l.TargetsVersion == newestTargets.Version, cancellationToken) ?? throw Altered(root.List, $"targets {newestTargets.Version} is no leaf of it");
        try
        {
            var leaf = LogLeaf.Parse(Encoding.ASCII.GetBytes(exposed!.Leaf));
            if (leaf.List != root.List || leaf.TargetsVersion != exposed.TargetsVersion || (offered is { } served && leaf.TargetsSha256 != Hashes.Sha256(served.Targets)))
                throw Altered(root.List, $"the leaf of targets {exposed.TargetsVersion} is another");
            var checkpoint = Open(last!, root, key, newest);
            if (checkpoint.Size != last!.Position + 1) throw Altered(root.List, "its last leaf has another's checkpoint");
            var nodes = StoredTree.NodesOf(tree =>
            {
                tree.Root(checkpoint.Size);
                tree.InclusionOf(exposed.Position, checkpoint.Size);
            });
            var read = await ReadNodesAsync(db, root.List, nodes, cancellationToken);
            var tree = new StoredTree(node => read[node]);
            if (!tree.Root(checkpoint.Size).AsSpan().SequenceEqual(checkpoint.Root)
                || !TreeProof.Includes(MerkleTree.LeafHash(Encoding.ASCII.GetBytes(exposed.Leaf)), exposed.Position, checkpoint.Size, checkpoint.Root, tree.InclusionOf(exposed.Position, checkpoint.Size)))
                throw Altered(root.List, "its hashes are not those that were signed");
            return new LogState(checkpoint, read) { TargetsVersion = last.TargetsVersion };
        }
        catch (MalformedDocumentException problem)
        {
            throw Altered(root.List, problem.Message, problem);
        }
    }

    private static Checkpoint Open(LoggedLeaf last, RootDocument root, VerificationKey key, RootDocument newest)
    {
        var (note, origin) = (Encoding.UTF8.GetBytes(last.Checkpoint), Checkpoint.OriginOf(root.Deployment, root.List));
        try
        {
            return Checkpoint.Open(note, origin, key);
        }
        catch (MalformedDocumentException) when (newest.LogKey is { } later && later.KeyId != key.KeyId)
        {
            return Checkpoint.Open(note, origin, later);
        }
    }

    /// <summary>Hashes of complete subtrees, read in one go. A missing one is a fault: the log's own sizes ask for it.</summary>
    public static async Task<Dictionary<TreeNode, byte[]>> ReadNodesAsync(BlockListDb db, string list, IReadOnlyCollection<TreeNode> nodes, CancellationToken cancellationToken)
    {
        var levels = nodes.Select(n => (short)n.Level).ToArray();
        var indexes = nodes.Select(n => n.Index).ToArray();
        var rows = await db.LogNodes.FromSql($"""
            select n.list, n.level, n.index, n.hash from publishing.log_node n
            join unnest({levels}, {indexes}) as wanted (level, index) on wanted.level = n.level and wanted.index = n.index where n.list = {list}
            """).AsNoTracking().ToListAsync(cancellationToken);
        var read = rows.ToDictionary(row => new TreeNode(row.Level, row.Index), row => row.Hash);
        return nodes.FirstOrDefault(n => !read.ContainsKey(n)) is { } missing && read.Count < nodes.Count
            ? throw Altered(list, $"the hash {missing.Level}/{missing.Index} is missing")
            : read;
    }

    /// <summary>This log with one more leaf, and the checkpoint signed over it.</summary>
    public LogAppend Append(LogLeaf leaf, string origin, ISigner signer)
    {
        var bytes = leaf.ToBytes();
        var hash = MerkleTree.LeafHash(bytes);
        var added = new Dictionary<TreeNode, byte[]>();
        foreach (var node in TreeNode.CompletedBy(Size))
        {
            if (node.Level > 0) hash = MerkleTree.NodeHash(Peaks[new TreeNode(node.Level - 1, node.Index * 2)], hash);
            added.Add(node, hash);
        }
        var tree = new StoredTree(node => added.TryGetValue(node, out var fresh) ? fresh : Peaks[node]);
        var checkpoint = new Checkpoint(origin, Size + 1, tree.Root(Size + 1));
        var signature = signer.Sign(SignedNote.SignedBytes(checkpoint.ToText()), System.Security.Cryptography.DSASignatureFormat.Rfc3279DerSequence);
        var note = SignedNote.Compose(checkpoint.ToText(), origin, signer.Key, signature);
        return new LogAppend(leaf, added, checkpoint, Checkpoint,
            new LogProof(Size, tree.InclusionOf(Size, Size + 1), tree.Consistency(Size, Size + 1), note));
    }

    /// <summary>The log with a step that is to be stored, to go on from.</summary>
    public LogState After(LogAppend step) => new(step.Checkpoint, TreeNode.Covering(0, step.Checkpoint.Size).ToDictionary(node => node, node => step.Nodes.TryGetValue(node, out var fresh) ? fresh : Peaks[node]))
    {
        TargetsVersion = step.Leaf.TargetsVersion,
    };

    private static SigningException Altered(string list, string what, Exception? inner = null) =>
        new($"The transparency log of list {list} is not what was signed: {what}. Someone wrote to publishing.log_leaf or publishing.log_node, or they were restored from another time than publishing.head. Nothing is signed on top of it; restore these tables and publishing.file from one backup, and replace the password of the publisher's login.", inner);
}
