using BlockList.Format.Lists;
using BlockList.Server.Oversight;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Verifying;

/// <summary>
/// Has the verifier go on after a restore of the database, by the word of the people who keep it: writes down again what its own
/// file knows, so that each serial keeps its list, and above which numbers it signs from now on.
/// </summary>
internal sealed class ResumeSigning(NpgsqlDataSource database, VerifyingRecord record, RecordKey key, IOptions<VerifyingOptions> options, TimeProvider clock)
{
    /// <param name="list">The list.</param>
    /// <param name="serial">The highest that is known from elsewhere, where the file is lost too; or null.</param>
    /// <param name="targetsVersion">The same.</param>
    /// <param name="cancellationToken">Before anything is written.</param>
    /// <returns>Null where nothing is to be done.</returns>
    /// <exception cref="SigningException">The file is damaged, or a number cannot be right.</exception>
    public async Task<KnownSignatures?> RunAsync(string list, int? serial, int? targetsVersion, CancellationToken cancellationToken)
    {
        var recorded = RecordFile.Read(options.Value.RecordFile, key).Where(line => line.List == list).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        KnownSignatures known;
        try
        {
            known = await record.KnownAsync(connection, list, cancellationToken);
        }
        catch (ObjectionException problem)
        {
            throw new SigningException($"The verifier's record in the database is not its own: {problem.Message}", problem);
        }
        var lost = known.LostOf(recorded);
        var (highestSerial, highestTargets) = (recorded.Select(l => l.Serial).Append(known.HighestSerial).Max(), recorded.Select(l => l.TargetsVersion).Append(known.HighestTargets).Max());
        if (serial > highestSerial + StepLimits.FurthestJump || targetsVersion > highestTargets + StepLimits.FurthestJump)
            throw new SigningException($"The highest that this verifier knows of list {list} is version {highestSerial} and targets {highestTargets}: {serial ?? highestSerial} and {targetsVersion ?? highestTargets} would be more than {StepLimits.FurthestJump} ahead, and agents hold a version that jumps so far. Look at the numbers again.");
        (highestSerial, highestTargets) = (Math.Max(highestSerial, serial ?? 0), Math.Max(highestTargets, targetsVersion ?? 0));
        if (highestSerial < 1 || highestTargets < 1) throw new SigningException($"This verifier never signed list {list}, by its file and by the database. Is it spelled right? If both were lost, say --serial and --targets of the newest version that anybody has.");
        if (lost.Count == 0 && highestSerial == known.HighestSerial && highestTargets == known.HighestTargets) return null;

        foreach (var line in lost.Where(line => !known.Serials.ContainsKey(line.Serial))) await AddAsync(connection, line, cancellationToken);
        await using (var command = new NpgsqlCommand("insert into verifying.resume (id, list, serial, targets_version, code) values ($1, $2, $3, $4, $5)", connection))
        {
            var id = Guid.CreateVersion7(clock.GetUtcNow());
            command.Parameters.AddWithValue(id);
            command.Parameters.AddWithValue(list);
            command.Parameters.AddWithValue(highestSerial);
            command.Parameters.AddWithValue(highestTargets);
            command.Parameters.AddWithValue(key.OfResume(id, list, highestSerial, highestTargets));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditLog.AppendAsync(connection, "verifier", "verifier.resume", list,
            new() { ["serial"] = highestSerial, ["targets_version"] = highestTargets, ["known_serial"] = known.HighestSerial, ["known_targets"] = known.HighestTargets }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return known with { Resumed = (highestSerial, highestTargets) };
    }

    private async Task AddAsync(NpgsqlConnection connection, RecordedSignature line, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into verifying.serial (list, serial, list_sha256, ledger_position, code) values ($1, $2, $3, $4, $5) on conflict do nothing", connection);
        command.Parameters.AddWithValue(line.List);
        command.Parameters.AddWithValue(line.Serial);
        command.Parameters.AddWithValue(line.ListSha256);
        command.Parameters.AddWithValue(line.LedgerPosition);
        command.Parameters.AddWithValue(key.OfSerial(line.List, line.Serial, line.ListSha256, line.LedgerPosition));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
