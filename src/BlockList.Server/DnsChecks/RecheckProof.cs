using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.DnsChecks;

/// <summary>Somebody has published the record and does not want to wait: the next sweep looks.</summary>
internal sealed class RecheckProof(NpgsqlDataSource database)
{
    public async Task<RecheckProofOutcome> RunAsync(Guid proof, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select dnschecks.recheck($1)", connection);
        command.Parameters.AddWithValue(proof);
        var outcome = (string)(await command.ExecuteScalarAsync(cancellationToken))! switch
        {
            "due" => RecheckProofOutcome.Due,
            "too-soon" => RecheckProofOutcome.TooSoon,
            "proven" => RecheckProofOutcome.Proven,
            "expired" => RecheckProofOutcome.Expired,
            _ => RecheckProofOutcome.Unknown,
        };
        if (outcome != RecheckProofOutcome.Due) return outcome;
        await AuditLog.AppendAsync(connection, actor, "proof.recheck", proof.ToString(), null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}

internal enum RecheckProofOutcome
{
    /// <summary>It is looked for within seconds.</summary>
    Due,

    /// <summary>The last look was less than 20 seconds ago.</summary>
    TooSoon,

    /// <summary>There is nothing left to look for.</summary>
    Proven,

    /// <summary>Ask for a new one.</summary>
    Expired,

    Unknown,
}
