using BlockList.Format.Json;
using BlockList.Format.Tuf;

namespace BlockList.Server.Publishing;

/// <summary>Signs targets, with the verifier beside where the root wants both, then snapshot and timestamp over it.</summary>
internal sealed class SignVersion(AskVerifier verifier)
{
    /// <returns>Null where another publisher was first.</returns>
    /// <exception cref="NotCountersignedException">The verifier refused, or did not answer.</exception>
    public async Task<SignedSet?> RunAsync(CurrentState current, SignMetadata sign, Candidate candidate, IReadOnlyDictionary<string, TargetFile> files, Countersigned highest, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A number that the verifier signed and nobody exposed is used up: there is one document of each. One that was lost with a
        // restore is used up too.
        var floor = current.Floor;
        var targetsVersion = new[] { current.Head?.TargetsVersion ?? 0, current.Log.TargetsVersion, highest.TargetsVersion, floor.TargetsVersion }.Max() + 1;
        var numbers = new HeadNumbers(candidate.Serial.Value, current.Root.Version, targetsVersion, Math.Max(current.Head?.SnapshotVersion ?? 0, floor.SnapshotVersion) + 1, Math.Max(current.Head?.TimestampVersion ?? 0, floor.TimestampVersion) + 1, now, now, now);
        var part = sign.TargetsPart(targetsVersion, files);
        if (await verifier.RunAsync(current.Root, candidate, targetsVersion, CanonicalJson.Encode(part), cancellationToken) is not { } others) return null;
        var targets = sign.Targets(part, others);
        var snapshot = sign.Snapshot(numbers.SnapshotVersion, MetadataReference.To(numbers.TargetsVersion, targets));
        var timestamp = sign.TimestampFile(numbers.TimestampVersion, MetadataReference.To(numbers.SnapshotVersion, snapshot));
        return new SignedSet(numbers, targets, snapshot, timestamp, sign.Log(current.Log, candidate.Serial, targetsVersion, targets));
    }
}
