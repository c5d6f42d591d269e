using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Curation;
using BlockList.Server.Data;
using BlockList.Server.Names;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Signing;
using BlockList.Tools.Deployments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Publishing;

/// <summary>Somebody who has all that the publisher has: its login, the ledger's secret, the online keys and the program.</summary>
internal sealed class TakenOverPublisher(PublishingWorld world)
{
    private const string List = DevelopmentKeys.WorstOf;
    private readonly LedgerKey ledgerKey = LedgerKey.Load(world.Keys.LedgerKeyFile);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(world.Database.Publisher);
        await connection.OpenAsync(Ct);
        return connection;
    }

    public async Task<CurrentState> CurrentAsync()
    {
        await using var db = await world.Publisher.GetRequiredService<IDbContextFactory<BlockListDb>>().CreateDbContextAsync(Ct);
        return await CurrentState.ReadAsync(db, List, world.Publisher.GetRequiredService<PinnedRegister>().Roots, Ct);
    }

    /// <summary>Writes a decision into the ledger with a chain code that holds, under a signature of its own making.</summary>
    public Task ForgeAsync(PreparedDecision decision) => AppendAsync(async (connection, state) =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var nonce = RandomNumberGenerator.GetBytes(DecisionChallenge.NonceLength);
        var assertion = Assertion.Create(key, DecisionChallenge.ForStatement(nonce, decision.Bytes), DevelopmentKeys.RelyingParty);
        var id = Guid.CreateVersion7();
        await ForgedDecision.ExecuteAsync(connection, "insert into publishing.ledger_assertion (id, form, statements, nonce, authenticator_data, client_data, signature) values ($1, 'decision', 1, $2, $3, $4, $5)",
            id, nonce, assertion.AuthenticatorData, assertion.ClientDataJson, assertion.Signature);
        return RowOf(decision, id, state, null);
    });

    /// <summary>Takes a decision as it was received, but for its outcome.</summary>
    public Task TakeAsync(PreparedDecision decision, SignedDecisions signed, string? objection, DateTimeOffset? receivedAt = null) => AppendAsync(async (connection, state) =>
    {
        var id = Guid.CreateVersion7();
        await ForgedDecision.ExecuteAsync(connection, "insert into publishing.ledger_assertion (id, form, statements, nonce, authenticator_data, client_data, signature) values ($1, 'decision', 1, $2, $3, $4, $5)",
            id, signed.Nonce, signed.Assertion.AuthenticatorData, signed.Assertion.ClientDataJson, signed.Assertion.Signature);
        var row = RowOf(decision, id, state, objection);
        return receivedAt is { } at ? row with { ReceivedAt = Timestamp.Truncate(at) } : row;
    });

    /// <summary>Says that an episode stood in a version.</summary>
    public Task ForgePublicationAsync(Guid episode, int serial) => AppendAsync((_, state) =>
        Task.FromResult(LedgerRow.OfPublication(state.Position + 1, List, serial, [episode], Timestamp.Truncate(world.Now))));

    /// <summary>Asks the verifier for a list of its own choice, as the program would.</summary>
    public async Task<(SignedSet? Signed, VersionFiles Files)> AskAsync(ListFile wanted, string form = CandidateForm.Full, Serial? serial = null, Func<Candidate, Candidate>? change = null, Func<StepFacts, StepFacts>? say = null)
    {
        var services = world.Publisher;
        var register = await services.GetRequiredService<PinnedRegister>().TakeAsync(Ct);
        var current = await CurrentAsync();
        var keys = services.GetRequiredService<OnlineKeys>().Of(List, current.Root);
        var now = Timestamp.Truncate(world.Now);
        var next = serial ?? current.NextSerial;
        var isBroken = form == CandidateForm.Broken;
        var facts = new StepFacts(isBroken || form == CandidateForm.Urgent, isBroken ? current.Facts!.EvaluatedAt : now, []);
        var files = VersionFiles.Compose(current, register.Lists[List], next, wanted, say?.Invoke(facts) ?? facts, now, "ca"u8.ToArray(), keys);
        var candidate = new Candidate(List, next, form, await world.Database.ScalarAsync<long>("select max(position) from publishing.ledger"), now, register.Version,
            services.GetRequiredService<PublicSuffixes>().Sha256, current.Before, Hashes.Sha256(wanted.Bytes), files.Step ?? wanted.ToBytes());
        var highest = await services.GetRequiredService<AskVerifier>().HighestAsync(current.Root, Ct);
        var signed = await services.GetRequiredService<SignVersion>().RunAsync(current, new SignMetadata(current.Root, keys, now), change?.Invoke(candidate) ?? candidate, files.Targets, highest, now, Ct);
        return (signed, files);
    }

    /// <summary>Asks the verifier to sign the list as it is again, as evaluated at an instant.</summary>
    public async Task<SignedSet?> EvaluateAsync(string form, DateTimeOffset evaluatedAt, ListFacts? facts = null)
    {
        var services = world.Publisher;
        var (register, current) = (await services.GetRequiredService<PinnedRegister>().TakeAsync(Ct), await CurrentAsync());
        var now = Timestamp.Truncate(world.Now);
        var files = new Dictionary<string, TargetFile>(current.Targets!.Files, StringComparer.Ordinal);
        files[CurrentState.ListPath] = files[CurrentState.ListPath] with { Custom = ((facts ?? current.Facts!) with { EvaluatedAt = evaluatedAt }).ToJson() };
        var candidate = new Candidate(List, current.Serial!.Value, form, await world.Database.ScalarAsync<long>("select coalesce(max(position), 0) from publishing.ledger"), evaluatedAt, register.Version,
            services.GetRequiredService<PublicSuffixes>().Sha256, current.Before, current.ListSha256, null);
        var highest = await services.GetRequiredService<AskVerifier>().HighestAsync(current.Root, Ct);
        return await services.GetRequiredService<SignVersion>().RunAsync(current, new SignMetadata(current.Root, services.GetRequiredService<OnlineKeys>().Of(List, current.Root), now), candidate, files, highest, now, Ct);
    }

    /// <summary>Asks for a list, and has it served.</summary>
    public async Task PublishAsync(ListFile wanted, string form)
    {
        var (signed, files) = await AskAsync(wanted, form);
        Assert.NotNull(signed);
        var head = (await CurrentAsync()).Head!;
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        Assert.True(await CommitMetadata.MoveHeadAsync(connection, List, head, signed, Ct));
        foreach (var (path, content) in files.New) await CommitMetadata.StoreAsync(connection, List, "targets/" + files.Targets[path].LocationOf(path), content, Ct);
        await transaction.CommitAsync(Ct);
    }

    /// <summary>Signs what it likes with the keys that it has, and has it served.</summary>
    public async Task PublishAloneAsync(ListFile wanted)
    {
        var current = await CurrentAsync();
        var keys = world.Publisher.GetRequiredService<OnlineKeys>().Of(List, current.Root);
        var now = Timestamp.Truncate(world.Now);
        var register = await world.Publisher.GetRequiredService<PinnedRegister>().TakeAsync(Ct);
        var files = VersionFiles.Compose(current, register.Lists[List], current.NextSerial, wanted, new StepFacts(false, now, []), now, "ca"u8.ToArray(), keys);
        var sign = new SignMetadata(current.Root, keys, now);
        var head = current.Head!;
        var numbers = new HeadNumbers(current.NextSerial.Value, current.Root.Version, head.TargetsVersion + 1, head.SnapshotVersion + 1, head.TimestampVersion + 1, now, now, now);
        var targets = sign.Targets(sign.TargetsPart(numbers.TargetsVersion, files.Targets), []);
        var snapshot = sign.Snapshot(numbers.SnapshotVersion, MetadataReference.To(numbers.TargetsVersion, targets));
        var timestamp = sign.TimestampFile(numbers.TimestampVersion, MetadataReference.To(numbers.SnapshotVersion, snapshot));
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        Assert.True(await CommitMetadata.MoveHeadAsync(connection, List, head, new SignedSet(numbers, targets, snapshot, timestamp, sign.Log(current.Log, current.NextSerial, numbers.TargetsVersion, targets)), Ct));
        foreach (var (path, content) in files.New) await CommitMetadata.StoreAsync(connection, List, "targets/" + files.Targets[path].LocationOf(path), content, Ct);
        await transaction.CommitAsync(Ct);
    }

    /// <summary>Changes a row and gives it and all after it chain codes that hold. No login of a role can: the database's owner helps.</summary>
    public async Task RewriteAsync(long position, Func<LedgerRow, LedgerRow> change)
    {
        var rows = new List<LedgerRow>();
        await using (var connection = await ConnectAsync())
            await foreach (var row in LedgerStore.ReadAsync(connection, 0, Ct)) rows.Add(row);
        var chain = LedgerRow.ChainStart;
        await world.Database.ExecuteAsync("alter table publishing.ledger disable trigger all");
        foreach (var row in rows)
        {
            var written = (row.Position == position ? change(row) : row).ChainedAfter(chain, ledgerKey);
            chain = written.ChainSha256;
            await world.Database.ExecuteAsync("update publishing.ledger set outcome = $2, received_at = $3, chain_sha256 = $4 where position = $1", row.Position, written.Outcome, written.ReceivedAt, written.ChainSha256);
        }
        await world.Database.ExecuteAsync("alter table publishing.ledger enable trigger all");
    }

    private async Task AppendAsync(Func<NpgsqlConnection, LedgerState, Task<LedgerRow>> rowAfter)
    {
        await using var connection = await ConnectAsync();
        var register = await world.Publisher.GetRequiredService<PinnedRegister>().TakeAsync(Ct);
        var state = new LedgerState(ledgerKey);
        await TakeDecisions.CatchUpAsync(connection, state, register, Ct);
        var row = await rowAfter(connection, state);
        await LedgerStore.AppendAsync(connection, [row.ChainedAfter(state.ChainSha256, ledgerKey)], Ct);
    }

    private LedgerRow RowOf(PreparedDecision decision, Guid assertion, LedgerState state, string? objection) => new()
    {
        Position = state.Position + 1,
        Kind = LedgerRow.OfDecision,
        Outcome = objection is null ? LedgerRow.Accepted : LedgerRow.Refused,
        Reason = objection,
        DecisionId = decision.Statement.Id,
        Credential = decision.Statement.Credential,
        Sequence = decision.Statement.Sequence,
        EpisodeId = decision.Statement.Episode,
        List = decision.Statement.List,
        Statement = decision.Bytes,
        StatementSha256 = Hashes.Sha256(decision.Bytes),
        AssertionId = assertion,
        Leaf = 0,
        RegisterVersion = 1,
        ReceivedAt = Timestamp.Truncate(world.Now),
        ChainSha256 = [],
    };
}
