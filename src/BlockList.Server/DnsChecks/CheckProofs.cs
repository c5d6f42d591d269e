using System.Text.Json;
using BlockList.Format.Names;
using BlockList.Server.Oversight;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.DnsChecks;

/// <summary>
/// Takes proofs that are due, looks for each at the servers of its zone, and writes what was found. No transaction is open
/// while strangers' servers are asked; what was taken is due again after a while, so a crash anywhere forgets nothing.
/// </summary>
internal sealed partial class CheckProofs(NpgsqlDataSource database, ReadTxtAtAuthority read, UnboundContexts contexts, TimeProvider clock, ILogger<CheckProofs> logger)
{
    /// <summary>Longer than a look can take: four times the longest answer.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>Between two looks at what is due, while some are under way and places are free.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Until nothing more is due and all that was taken is answered; returns how many were looked for. A place that is free is
    /// given to the next at once: servers that let everybody wait hold up those that share their zone, and no others.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var looking = new List<Task>();
        var looked = 0;
        while (true)
        {
            var free = contexts.Options.ProofsAtOnce - looking.Count;
            var due = free == 0 ? [] : await TakeAsync(free, cancellationToken);
            looked += due.Count;
            looking.AddRange(due.Select(proof => CheckAsync(proof.Id, proof.Domain, proof.Token, cancellationToken)));
            if (looking.Count == 0) return looked;
            // With places free, what becomes due meanwhile must not wait for the slowest of those under way.
            var one = Task.WhenAny(looking);
            await (looking.Count < contexts.Options.ProofsAtOnce ? Task.WhenAny(one, Task.Delay(Pause, clock, cancellationToken)) : one);
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var done in looking.Where(look => look.IsCompleted).ToArray())
            {
                looking.Remove(done);
                await done;
            }
        }
    }

    private async Task<List<(Guid Id, string Domain, string Token)>> TakeAsync(int free, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id, domain, token from dnschecks.take_due($1, $2)");
        command.Parameters.AddWithValue(free);
        command.Parameters.AddWithValue(Lease);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<(Guid, string, string)>();
        while (await reader.ReadAsync(cancellationToken)) due.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2)));
        return due;
    }

    private async Task CheckAsync(Guid id, string domain, string token, CancellationToken cancellationToken)
    {
        try
        {
            if (!DomainName.TryParseCanonical(domain, out var name)) throw new FormatException("its domain is no name");
            var reading = await read.RunAsync(ProofText.NameOf(name), cancellationToken);
            await RecordAsync(id, reading, ProofText.ValueOf(token), cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // One that cannot be looked for, whatever the reason, must not keep the others from being.
            Log.NotChecked(logger, id, problem);
        }
    }

    private async Task RecordAsync(Guid id, TxtReading reading, string value, CancellationToken cancellationToken)
    {
        var (outcome, verdict) = Judge(reading, value);
        var servers = reading.Servers.Select(server => new ServerFinding(server.Server.Text, server.Address?.ToString(), server.Has(value), server.Answers, Say(server, value)));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select dnschecks.record_answer($1, $2, $3, $4, $5, $6)", connection);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(outcome);
        command.Parameters.AddWithValue(verdict.ToString().ToLowerInvariant());
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)reading.Zone?.Text ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(servers, JsonSerializerOptions.Web));
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)Shorten(reading.Problem) ?? DBNull.Value);
        var recorded = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (recorded && outcome == ProofAnswer.Proven) await AuditLog.AppendAsync(connection, "checker", "proof.found", id.ToString(), new() { ["dnssec"] = verdict.ToString().ToLowerInvariant() }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// One server that has the text is enough: whoever wrote it there may write the zone. A secondary that is a day behind, lame or
    /// silent is named and asked nothing more of; a resolver that happens to ask another server would have believed as much.
    /// An answer that DNSSEC refuses counts for nothing.
    /// </summary>
    private static (string Outcome, DnssecVerdict Verdict) Judge(TxtReading reading, string value)
    {
        var with = reading.Servers.Where(server => server.Has(value)).ToArray();
        if (with.Length > 0) return (ProofAnswer.Proven, with.Max(server => server.Answer.Verdict));
        var verdict = reading.Servers.Select(server => server.Answer.Verdict).Append(reading.Verdict).Max();
        return (reading.Servers.Any(server => server.Answers) ? ProofAnswer.Absent : ProofAnswer.Failed, verdict);
    }

    private static string Say(ServerTexts server, string value) => Shorten(server.Answer switch
    {
        _ when server.Has(value) => "has the text",
        DnsAnswer.Answered answered => $"has {answered.Records.Count} other texts and does not have this one yet",
        DnsAnswer.NoData or DnsAnswer.NoSuchName => "does not have the text yet",
        var other => other.Print(),
    })!;

    private static string? Shorten(string? text) => text is { Length: > 1000 } ? text[..1000] : text;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The proof {Proof} was not looked for; it is due again in five minutes.")]
        public static partial void NotChecked(ILogger logger, Guid proof, Exception problem);
    }
}
