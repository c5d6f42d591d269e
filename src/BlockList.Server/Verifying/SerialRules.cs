using BlockList.Server.Publishing;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// One list for each serial, and each version goes on from the one before. A version that was signed and never exposed, because
/// its publisher died or was overtaken, may be passed over; one that was exposed never.
/// </summary>
internal static class SerialRules
{
    /// <exception cref="ObjectionException">The candidate does not go on from what was signed.</exception>
    public static async Task RequireAsync(NpgsqlConnection connection, Candidate asked, KnownSignatures known, CancellationToken cancellationToken)
    {
        var serials = known.Serials;
        var stays = CandidateForm.KeepsList(asked.Form);
        var (from, sha256) = stays ? (asked.Serial.Value, asked.ListSha256) : (asked.Previous?.Serial.Value ?? 0, asked.Previous?.Sha256);
        if (serials.TryGetValue(from, out var before))
        {
            if (before.ListSha256 != sha256) throw new ObjectionException($"version {from}, that it goes on from, was signed with another list.");
        }
        else if (serials.Count > 0 && from >= serials.First().Key) throw new ObjectionException($"version {from}, that it goes on from, was never signed here.");
        else if (asked.Form == CandidateForm.Resigned)
            throw new ObjectionException($"version {from} was never signed here, so it cannot be signed anew unseen. Publish the list once under this root: blocklist publish --list {asked.List}");
        else if (from > 0 && asked.Form is CandidateForm.Partial or CandidateForm.Urgent or CandidateForm.Broken)
            throw new ObjectionException($"version {from}, that it goes on from, was never signed here. The first version that is must be all that is decided: confirm what is held.");

        foreach (var above in serials.Keys.Where(serial => serial > from && (stays || serial != asked.Serial.Value)))
            if (await VerifyingRecord.IsExposedAsync(connection, asked.List, above, cancellationToken))
                throw new ObjectionException($"version {above} was signed and published, and this one goes on from version {from}.");
        if (stays) return;
        if (serials.TryGetValue(asked.Serial.Value, out var same))
        {
            if (same.ListSha256 != asked.ListSha256) throw new ObjectionException($"another list was signed as version {asked.Serial} before. A serial has one list.");
            if (await VerifyingRecord.IsExposedAsync(connection, asked.List, asked.Serial.Value, cancellationToken))
                throw new ObjectionException($"version {asked.Serial} is published already.", isOvertaken: true);
            return;
        }
        var due = Math.Max(from, known.HighestSerial) + 1;
        if (asked.Serial.Value == due) return;
        // Whoever restored the database and lost the verifier's file with it.
        var hint = asked.Serial.Value > due && known.Resumed is null ? $" If the database was restored and this verifier's record file is lost: blocklist verifier resume --list {asked.List} --serial {asked.Serial.Value - 1} --targets N" : "";
        throw new ObjectionException($"it is called version {asked.Serial}, and version {due} is due.{hint}");
    }
}
