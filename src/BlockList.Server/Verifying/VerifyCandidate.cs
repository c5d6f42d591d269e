using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Server.Names;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Gates;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// Answers one candidate: derives the list again from the decisions, compares, and signs or refuses. Whatever dies before the
/// answer is committed leaves the candidate waiting; the next look answers it, or nobody waits for it any more.
/// </summary>
internal sealed partial class VerifyCandidate(
    NpgsqlDataSource database, VerifierRegisters registers, VerifiedLedger ledger, VerifyResigned resigned, VerifyingRecord record, RecordFile file, RecallSigned recall, RecordKey recordKey, TargetsNumbers numbers, SignedLists lists, VerifyRemovals removals, OpenGuard openGuard, PublicSuffixes suffixes,
    VerifierKeys keys, IOptions<VerifyingOptions> options, TimeProvider clock, ILogger<VerifyCandidate> logger)
{
    /// <summary>Answers the newest candidate that waits. False where none does.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await WaitingCandidate.FindAsync(connection, cancellationToken) is not { } key) return false;
        try
        {
            var waiting = await WaitingCandidate.ReadAsync(connection, key, cancellationToken);
            if (await recall.RunAsync(connection, waiting.Asked.List, cancellationToken) is not { } known) return true;
            var verified = await VerifyAsync(connection, waiting, known, cancellationToken);
            FaultPoint.Reach(VerifyFaults.Derived);
            if (await StoreAnswer.SignAsync(connection, waiting, keys.Sign(waiting.Asked.List, waiting.Signed), recordKey, verified, file, cancellationToken))
                Log.Signed(logger, waiting.Asked.List, waiting.Asked.Serial, waiting.Asked.Form, waiting.TargetsVersion);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or NpgsqlException))
        {
            // Whatever nobody foresaw is refused as well: a candidate that stays without an answer is looked at for ever.
            var isForeseen = problem is ObjectionException or SigningException or LedgerBrokenException;
            var reason = isForeseen ? problem.Message : $"it cannot be verified: {problem.Message}";
            var isOvertaken = problem is ObjectionException { IsOvertaken: true };
            // Somebody is paged before the answer is there, and also where it cannot be stored.
            if (isOvertaken) Log.Overtaken(logger, key.List, key.Serial, reason);
            else Log.Refused(logger, key.List, key.Serial, reason, isForeseen ? null : problem);
            await StoreAnswer.RefuseAsync(connection, key, reason, isOvertaken, cancellationToken);
        }
        FaultPoint.Reach(VerifyFaults.Answered);
        return true;
    }

    /// <returns>What is to be remembered of it.</returns>
    private async Task<VerifiedStep> VerifyAsync(NpgsqlConnection connection, WaitingCandidate waiting, KnownSignatures known, CancellationToken cancellationToken)
    {
        var asked = waiting.Asked;
        known.RequireAbove(asked, waiting.TargetsVersion);
        if (waiting.TargetsVersion <= known.HighestTargets) throw new ObjectionException($"targets {waiting.TargetsVersion} was signed for another publisher.", isOvertaken: true);
        if (await numbers.FindObjectionAsync(connection, asked.List, waiting.TargetsVersion, known.HighestTargets, cancellationToken) is { } ahead) throw new ObjectionException(ahead);
        var document = TargetsRules.Read(waiting.Signed);
        await SerialRules.RequireAsync(connection, asked, known, cancellationToken);

        var register = await RegisterOfAsync(asked, cancellationToken);
        var list = register.Lists.GetValueOrDefault(asked.List) ?? throw new ObjectionException($"register {register.Version} has no such list.");
        var stays = CandidateForm.KeepsList(asked.Form);
        var previous = stays ? await lists.ReadAsync(connection, asked.List, asked.ListSha256, cancellationToken) : await lists.BeforeAsync(connection, asked, cancellationToken);
        var proposed = stays ? previous : ProposedList.Of(asked, previous);

        LedgerState? state = null;
        ledger.BeginAnewAfter(await record.NewestResumedAsync(connection, cancellationToken));
        if (asked.Form == CandidateForm.Resigned) await resigned.RequireAsync(connection, waiting, register, list, proposed, cancellationToken);
        else RequireNow(asked);
        if (asked.Form is not (CandidateForm.Resigned or CandidateForm.Broken))
        {
            state = await ledger.ReadAsync(asked.LedgerPosition, register, cancellationToken);
            if (await FindWithheld.RunAsync(connection, state, register, waiting.CreatedAt.AddMinutes(-options.Value.WithheldMinutes), cancellationToken) is { } withheld) throw new ObjectionException(withheld);
        }
        var newest = await record.NewestSignedAsync(connection, asked.List, stays ? asked.Serial.Value : asked.Previous?.Serial.Value ?? 0, cancellationToken);
        var signed = newest is null ? null : TargetsRules.Read(newest);
        // What should leave beside what release officers removed, nobody knows without the ledger: the list is as old as it was.
        var (removalsWait, step) = (true, GateRules.StepOf(asked, previous, proposed, Settled.Nothing));
        if (asked.Form == CandidateForm.Broken) await removals.RequireAsync(connection, asked, register, list, (previous, signed), proposed, cancellationToken);
        else (removalsWait, step) = await CompareAsync(connection, asked, register, list, previous, proposed, state, cancellationToken);
        var rules = new TargetsRules(waiting, register, list, previous, proposed, removalsWait, signed);
        if (rules.FindObjection(document, clock.GetUtcNow() + SignMetadata.TargetsLifetime + ClockTolerance) is { } untrue) throw new ObjectionException(untrue);
        lists.Keep(asked.ListSha256, proposed);
        return new VerifiedStep(state is null ? null : (state.Position, ledger.RowsSha256), stays ? null : step);
    }

    private TimeSpan ClockTolerance => TimeSpan.FromMinutes(options.Value.ClockMinutes);

    private async Task<AgencyRegister> RegisterOfAsync(Candidate asked, CancellationToken cancellationToken)
    {
        var own = await registers.OwnAsync(cancellationToken);
        return asked.RegisterVersion >= own.Version
            ? await registers.OfAsync(asked.RegisterVersion, cancellationToken)
            : throw new ObjectionException($"it goes by register {asked.RegisterVersion}, and the verifier has register {own.Version}. Put the newest register into the publisher's file too.");
    }

    /// <summary>An old instant would keep entries whose lease ran out, one to come would end them early.</summary>
    private void RequireNow(Candidate asked)
    {
        if ((asked.EvaluatedAt - clock.GetUtcNow()).Duration() > ClockTolerance)
            throw new ObjectionException($"it is derived for {Timestamp.Format(asked.EvaluatedAt)}, and the verifier's clock says {Timestamp.Format(clock.GetUtcNow())}. Set both clocks.");
        if (asked.SuffixesSha256 != suffixes.Sha256)
            throw new ObjectionException("the publisher's suffix data is not the verifier's. Install the same release of both.");
    }

    /// <returns>Whether entries that are not decided any more stay in it, and what of its changes nobody confirmed.</returns>
    private async Task<(bool RemovalsWait, SignedStep Step)> CompareAsync(NpgsqlConnection connection, Candidate asked, AgencyRegister register, RegisteredList list, ListFile previous, ListFile proposed, LedgerState? state, CancellationToken cancellationToken)
    {
        // What is only signed anew is compared with itself.
        if (state is null) return (false, SignedStep.Nothing);
        var guard = await openGuard.RunAsync(state, register, cancellationToken);
        var assembled = AssembleList.Run(state, register, list, guard, asked.EvaluatedAt, asked.Serial);
        var settled = list.TestDomain is null
            ? Settled.Of(await HeldVersion.ReadOpenAsync(connection, list.Id, state.Versions, cancellationToken), new DiscardedRemovals(state, assembled, list, register, asked.EvaluatedAt).Waits) : Settled.Nothing;
        var day = SignedStep.SumOfDay(await record.StepsAsync(connection, list.Id, asked.EvaluatedAt, cancellationToken), asked.Previous?.Serial.Value ?? 0, asked.EvaluatedAt);
        if (list.TestDomain is null && GateRules.FindObjection(asked.Form, previous, proposed, settled, day, line => CauseOf(line) == RemovalCause.Suspension) is { } closed) throw new ObjectionException(closed);
        if (FormRules.FindObjection(asked.Form, previous, assembled.List, proposed, settled, IsOutByDecision) is { } objection) throw new ObjectionException(objection);
        return (proposed.Except(assembled.List).Count > 0, list.TestDomain is null ? GateRules.StepOf(asked, previous, proposed, settled) : SignedStep.Nothing);

        bool IsOutByDecision(string line) => CauseOf(line) is not (null or RemovalCause.Time);
        RemovalCause? CauseOf(string line) => PublishedEpisodeOf(line, state, list) is { } episode ? RemovalReason.CauseOf(episode, assembled, asked.EvaluatedAt, list, register) : null;
    }

    /// <summary>The episode that an entry of the version before stands on: a newer one may be open that was never published.</summary>
    private static EpisodeState? PublishedEpisodeOf(string line, LedgerState state, RegisteredList list) =>
        RemovalReason.EpisodeOf(line, null, state, list) ?? state.Episodes.LastOrDefault(e => e.List == list.Id && e.WasPublished && e.Name.ToString() == line);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Signed {List} version {Serial} ({Form}), targets {TargetsVersion}.")]
        public static partial void Signed(ILogger logger, string list, Serial serial, string form, int targetsVersion);

        [LoggerMessage(LogLevel.Information, "{List} version {Serial} was overtaken: {Reason}")]
        public static partial void Overtaken(ILogger logger, string list, int serial, string reason);

        [LoggerMessage(LogLevel.Critical, "REFUSED to sign {List} version {Serial}: {Reason} It is not published, and what is published stays in force until its metadata expires. Treat the publisher as taken over until you know better: compare registers, suffix data and programs of both roles, then look at publishing.ledger and publishing.candidate.")]
        public static partial void Refused(ILogger logger, string list, int serial, string reason, Exception? unforeseen);
    }
}
