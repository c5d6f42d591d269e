using System.Text.Json;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Publishing;

namespace BlockList.Server.Verifying;

/// <summary>Whether the document to be signed says of a verified list what is true of it, and nothing that nobody verified.</summary>
/// <param name="waiting">The candidate.</param>
/// <param name="register">That it goes by.</param>
/// <param name="list">Of the register.</param>
/// <param name="previous">The version before.</param>
/// <param name="proposed">The list, verified.</param>
/// <param name="removalsWait">Whether entries that are not decided any more stay in it.</param>
/// <param name="before">The signed document of the version before, or of this one where the list stays; null where it was never signed here.</param>
internal sealed class TargetsRules(WaitingCandidate waiting, AgencyRegister register, RegisteredList list, ListFile previous, ListFile proposed, bool removalsWait, TargetsDocument? before)
{
    private readonly Candidate asked = waiting.Asked;

    private bool Stays => CandidateForm.KeepsList(asked.Form);

    /// <summary>Reads the signed part of a document in its one spelling.</summary>
    /// <exception cref="ObjectionException">It is none, or there is another way to spell it.</exception>
    public static TargetsDocument Read(byte[] signed)
    {
        try
        {
            var json = CanonicalJson.Parse(signed);
            if (!CanonicalJson.Encode(json).AsSpan().SequenceEqual(signed)) throw new ObjectionException("the document is not in canonical form.");
            return TargetsDocument.Parse(json);
        }
        catch (MalformedDocumentException problem)
        {
            throw new ObjectionException($"the document is malformed: {problem.Message}.");
        }
    }

    /// <summary>What a document that was signed here says of its list.</summary>
    public static ListFacts FactsOf(TargetsDocument signed) => ListFacts.Parse(signed.Files[CurrentState.ListPath].Custom!.Value);

    /// <summary>Why the document is not to be signed, or null.</summary>
    public string? FindObjection(TargetsDocument document, DateTimeOffset latestExpiry)
    {
        if (document.Version != waiting.TargetsVersion) return "the document has another version than the candidate.";
        if (document.Expires > latestExpiry) return "the document lives longer than any may.";
        if (!document.Files.TryGetValue(CurrentState.ListPath, out var target) || target.Custom is not { } custom) return "the document has no list.";
        if (target.Sha256 != asked.ListSha256 || target.Length != proposed.Bytes.Length) return "the document names another list than the candidate.";
        try
        {
            return FindObjection(document, ListFacts.Parse(custom));
        }
        catch (MalformedDocumentException problem)
        {
            return $"what the document says of the list is malformed: {problem.Message}.";
        }
    }

    private string? FindObjection(TargetsDocument document, ListFacts facts)
    {
        if (facts.Deployment != register.Deployment || facts.List != list.Id) return "the document is for another list or deployment.";
        if (facts.Version != asked.Serial || facts.Count != proposed.Count) return "the document gives another version or count.";
        // What is only signed anew bears what it bore: the register may have changed since, and the list need not.
        if (!(asked.Form == CandidateForm.Resigned && before is not null) && (facts.LeaseMonths != list.LeaseMonths || facts.CriteriaVersion != VersionFiles.CriteriaVersionOf(list)))
            return "the document gives other parameters than the register.";
        if (facts.EvaluatedAt != EvaluatedAt(facts)) return "the document gives another instant than the one that all of the list was derived for.";
        return Stays ? FindObjectionToSame(document, facts) : FindObjectionToNew(document, facts);
    }

    /// <summary>While something that should have left waits, the list is as old as it was before: it withdraws itself from providers by that age.</summary>
    private DateTimeOffset EvaluatedAt(ListFacts facts) =>
        !removalsWait ? asked.EvaluatedAt
        : before is not null ? FactsOf(before).EvaluatedAt
        : facts.EvaluatedAt < asked.EvaluatedAt ? facts.EvaluatedAt : asked.EvaluatedAt;

    private string? FindObjectionToNew(TargetsDocument document, ListFacts facts)
    {
        // What leaves at once counts towards a day's ceiling by this word.
        if (!facts.Urgent && asked.Form is CandidateForm.Urgent or CandidateForm.Broken) return "it is said not to be urgent, and takes entries off at once.";
        if (facts.Urgent && proposed.Except(previous).Count > 0) return "an urgent version only removes, and this one adds entries.";
        if (facts.PublishedAt != asked.EvaluatedAt) return "the document gives another time of publication than the instant that the list was derived for.";
        if (facts.Added != proposed.Except(previous).Count || facts.Removed != previous.Except(proposed).Count || facts.PreviousSha256 != asked.Previous?.Sha256)
            return "the document gives another change from the version before.";
        var step = asked.Previous is { } from && from.Serial.Next() == asked.Serial ? Delta.Between(from.Serial, previous, asked.Serial, proposed) : null;
        foreach (var (path, file) in document.Files)
        {
            if (path == CurrentState.ListPath) continue;
            if (path == VersionFiles.ManifestPath && file.Sha256 != Hashes.Sha256(VersionFiles.ManifestOf(facts, asked.ListSha256))) return "the manifest is not that of this version.";
            if (VersionFiles.OtherPaths.Contains(path)) continue;
            if (!path.StartsWith(VersionFiles.DeltaFolder, StringComparison.Ordinal)) return "the document has a file that the verifier does not know.";
            // Agents brake by what is said of a step, so that is verified with it.
            var isNew = step is not null && path == Delta.PathOf(step.From, step.To);
            if (isNew ? !file.Matches(step!.ToBytes()) || !Same(file.Custom, DeltaFacts.ToJson(facts)) : before is not null && !(before.Files.TryGetValue(path, out var old) && Same(old, file)))
                return "the document has a step between versions that is none.";
        }
        return null;
    }

    /// <summary>A document that was signed before stays as it is, but for the instant of its evaluation and what of the register it was evaluated by.</summary>
    private string? FindObjectionToSame(TargetsDocument document, ListFacts facts)
    {
        if (before is null) return document.Files.Keys.All(path => path == CurrentState.ListPath || VersionFiles.OtherPaths.Contains(path) || path.StartsWith(VersionFiles.DeltaFolder, StringComparison.Ordinal))
            ? null : "the document has a file that the verifier does not know.";
        if (document.Files.Count != before.Files.Count || !document.Files.All(f => before.Files.TryGetValue(f.Key, out var same) && (f.Key == CurrentState.ListPath ? same.Sha256 == f.Value.Sha256 && same.Length == f.Value.Length : Same(same, f.Value))))
            return "the document has other files than the one that was signed before.";
        var known = FactsOf(before);
        if (asked.Form == CandidateForm.Unchanged) known = known with { EvaluatedAt = facts.EvaluatedAt, LeaseMonths = facts.LeaseMonths, CriteriaVersion = facts.CriteriaVersion };
        return Same(facts.ToJson(), known.ToJson()) ? null : "the document says other things of the list than the one that was signed before.";
    }

    private static bool Same(TargetFile one, TargetFile other) => one.Sha256 == other.Sha256 && one.Length == other.Length && Same(one.Custom, other.Custom);

    private static bool Same(JsonElement? one, JsonElement? other) =>
        one is { } said && other is { } known ? CanonicalJson.Encode(said).AsSpan().SequenceEqual(CanonicalJson.Encode(known)) : one is null == other is null;
}
