using System.Globalization;
using BlockList.Agent.State;
using BlockList.Agent.Transport;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Log;
using BlockList.Format.Tuf;

namespace BlockList.Agent.Trust;

/// <summary>
/// Asks the list's transparency log for new targets: a publisher whose keys were stolen, or who was made to, can sign another list for
/// one provider, but not without every provider's log showing it. One request; none while the targets stay the same.
/// </summary>
internal sealed class CheckLog(ListState state, ServerConnection server)
{
    /// <param name="root">Whose log key counts. Where it names none there is no log.</param>
    /// <param name="list">What the targets offer.</param>
    /// <param name="targetsVersion">Their number.</param>
    /// <param name="targets">The document as it came.</param>
    /// <param name="known">The log as it was verified last, under this root's key, or null.</param>
    /// <param name="ct">Stops.</param>
    /// <returns>The log as it is to be remembered from now on.</returns>
    /// <exception cref="RefusedException">The log does not show these targets, or is another one than before.</exception>
    /// <exception cref="ServerException">It could not be asked.</exception>
    public async Task<LogMemory?> RunAsync(RootDocument root, TrustedList list, int targetsVersion, byte[] targets, LogMemory? known, CancellationToken ct)
    {
        if (root.LogKey is not { } key) return null;
        var sha256 = Hashes.Sha256(targets);
        if (known?.TargetsSha256 == sha256) return known;
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/{state.List}/log/proof/{known?.Size ?? 0}-{targetsVersion}.targets.json");
        var answer = await server.GetAsync(path, LogProof.MaximumLength, ct);
        if (answer.Kind != AnswerKind.File)
            throw new ServerException($"{server.Address.Authority} does not show that targets {targetsVersion} of list {state.List} are in its transparency log. Nothing of them was used. Try again later; tell the operator if it stays so.");
        try
        {
            var leaf = new LogLeaf(state.List, list.Version.Version, targetsVersion, sha256);
            var origin = Checkpoint.OriginOf(root.Deployment, root.List);
            var proof = LogProof.Parse(answer.Body);
            var checkpoint = proof.Open(leaf, known?.ToCheckpoint(origin), origin, key);
            return new LogMemory(key.KeyId, checkpoint.Size, checkpoint.RootSha256, proof.Note, sha256);
        }
        catch (Exception problem) when (problem is RefusedException or MalformedDocumentException)
        {
            // Signed by the log's key it shows to everybody that the log told two stories; the one before lies in the memory.
            DurableFile.Write(state.RefusedLog, answer.Body);
            throw new RefusedException(RefusalReason.Log, $"{problem.Message}. What the server sent is kept in {state.RefusedLog}", problem);
        }
    }
}
