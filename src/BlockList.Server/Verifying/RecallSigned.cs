using BlockList.Format;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// Compares what the verifier's own file says that it signed with what the database says. They differ by one line after a crash
/// between file and answer: the answer is given now, so that there is one document of each number. They differ otherwise after a
/// restore: then nothing of the list is signed until a person had both roles resume.
/// </summary>
internal sealed partial class RecallSigned(RecordFile file, VerifyingRecord record, SignedLists lists, VerifierKeys keys, RecordKey key, ILogger<RecallSigned> logger)
{
    /// <returns>What is known of the list; null where an answer was given, so that what waits is to be read anew.</returns>
    /// <exception cref="ObjectionException">The database forgot what was signed.</exception>
    public async Task<KnownSignatures?> RunAsync(NpgsqlConnection connection, string list, CancellationToken cancellationToken)
    {
        var recorded = file.Of(list);
        var known = await record.KnownAsync(connection, list, cancellationToken);
        var lost = known.LostOf(recorded);
        if (lost.Count == 0) return known;
        return lost is [var last] && last == recorded[^1] && await AnswerAsync(connection, last, known, cancellationToken) ? null : throw known.Lost(lost);
    }

    /// <summary>Every list of the file, when the role starts: the sentences about those that will not be signed.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var list in file.Lists())
        {
            try
            {
                await RunAsync(connection, list, cancellationToken);
            }
            catch (ObjectionException problem)
            {
                problems.Add(problem.Message);
            }
        }
        return problems;
    }

    /// <summary>False where the candidate is not there, or not what was signed, or was answered: rows are missing then that were there.</summary>
    private async Task<bool> AnswerAsync(NpgsqlConnection connection, RecordedSignature line, KnownSignatures known, CancellationToken cancellationToken)
    {
        if (await WaitingCandidate.FindAsync(connection, line.Candidate, cancellationToken) is not { } candidate) return false;
        var waiting = await WaitingCandidate.ReadAsync(connection, candidate, cancellationToken);
        var asked = waiting.Asked;
        if (asked.List != line.List || asked.Serial.Value != line.Serial || asked.ListSha256 != line.ListSha256 || waiting.TargetsVersion != line.TargetsVersion
            || Hashes.Sha256(waiting.Signed) != line.SignedSha256 || !await VerifyingRecord.HasLedgerAsync(connection, line.LedgerPosition, cancellationToken)) return false;
        try
        {
            if (await StoreAnswer.SignAsync(connection, waiting, keys.Sign(asked.List, waiting.Signed), key, new VerifiedStep(Mark: null, await StepOfAsync(connection, asked, cancellationToken)), file: null, cancellationToken))
            {
                Log.Answered(logger, asked.List, asked.Serial, waiting.TargetsVersion);
                return true;
            }
        }
        catch (ObjectionException problem) when (problem.IsOvertaken)
        {
            // Another list has the serial.
        }
        // Only what a copy of this verifier signed instead, by its own code, shows that nobody was given this signature.
        if (!known.HasAnotherList(line) && !await record.IsNumberTakenAsync(connection, line, cancellationToken)) return false;
        file.Remove(line);
        return true;
    }

    /// <summary>What the version changes, without what people confirmed of it: the sum of a day goes from version to version, and
    /// one that is missing would hide those before it. Who confirmed much may have to wait, or to confirm more.</summary>
    private async Task<SignedStep?> StepOfAsync(NpgsqlConnection connection, Candidate asked, CancellationToken cancellationToken)
    {
        if (CandidateForm.KeepsList(asked.Form)) return null;
        var previous = await lists.BeforeAsync(connection, asked, cancellationToken);
        return GateRules.StepOf(asked, previous, ProposedList.Of(asked, previous), Settled.Nothing);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Signed {List} version {Serial}, targets {TargetsVersion}, after an end between writing it down and answering.")]
        public static partial void Answered(ILogger logger, string list, Serial serial, int targetsVersion);
    }
}
