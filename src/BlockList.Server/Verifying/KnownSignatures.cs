using System.Globalization;
using BlockList.Server.Publishing;

namespace BlockList.Server.Verifying;

/// <summary>What the verifier's record in the database says of one list.</summary>
/// <param name="List">The list.</param>
/// <param name="Serials">By number.</param>
/// <param name="HighestAnswered">Of targets, by its answers.</param>
/// <param name="Resumed">The highest that somebody had it go on above after a restore; null where nobody did.</param>
internal sealed record KnownSignatures(string List, SortedDictionary<int, SignedSerial> Serials, int HighestAnswered, (int Serial, int TargetsVersion)? Resumed)
{
    public int HighestSerial => Math.Max(Serials.Count == 0 ? 0 : Serials.Last().Key, Resumed?.Serial ?? 0);

    public int HighestTargets => Math.Max(HighestAnswered, Resumed?.TargetsVersion ?? 0);

    /// <summary>Signatures that the verifier's own file has and this record has not.</summary>
    public IReadOnlyList<RecordedSignature> LostOf(IEnumerable<RecordedSignature> recorded) => [.. recorded.Where(line =>
        !(line.Serial <= Resumed?.Serial && line.TargetsVersion <= Resumed?.TargetsVersion)
        && !(line.TargetsVersion <= HighestAnswered && Serials.TryGetValue(line.Serial, out var signed) && signed.ListSha256 == line.ListSha256))];

    public bool HasAnotherList(RecordedSignature line) => Serials.TryGetValue(line.Serial, out var signed) && signed.ListSha256 != line.ListSha256;

    /// <summary>What to say of them.</summary>
    public ObjectionException Lost(IReadOnlyList<RecordedSignature> lost) => new(string.Create(CultureInfo.InvariantCulture,
        $"it signed version {lost.Max(l => l.Serial)} and targets {lost.Max(l => l.TargetsVersion)} of list {List}, by the record file on its own host, and the database knows version {HighestSerial} and targets {HighestTargets}. The database was restored from a backup, or somebody deleted rows from it: find out which. After a restore run, on the verifier's host, \"blocklist verifier resume --list {List}\", and on the publisher's host \"{PublisherCommand(lost.Max(l => l.Serial), lost.Max(l => l.TargetsVersion))}\" with an outside copy of the log in DIR (runbook, \"After a database restore\")."));

    /// <exception cref="ObjectionException">The publisher does not go on above what was signed before a restore.</exception>
    public void RequireAbove(Candidate asked, int targetsVersion)
    {
        if (Resumed is not { } floor) return;
        var stays = CandidateForm.KeepsList(asked.Form);
        if (targetsVersion > floor.TargetsVersion && asked.Serial.Value >= floor.Serial && (stays || asked.Serial.Value > floor.Serial)) return;
        throw new ObjectionException(string.Create(CultureInfo.InvariantCulture,
            $"it is version {asked.Serial} with targets {targetsVersion}, and version {floor.Serial} and targets {floor.TargetsVersion} were signed before the database was restored. Run on the publisher's host \"{PublisherCommand(floor.Serial, floor.TargetsVersion)}\"."));
    }

    public string PublisherCommand(int serial, int targetsVersion) => string.Create(CultureInfo.InvariantCulture, $"blocklist publisher resume --list {List} --log DIR --serial {serial} --targets {targetsVersion}");
}
