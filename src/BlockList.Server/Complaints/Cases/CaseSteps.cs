using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Complaints.Cases;

/// <summary>Steps on a case: what is signed and what is written down stand or fall together.</summary>
internal sealed class CaseSteps(NpgsqlDataSource database)
{
    /// <param name="step">With a transaction open. It answers why nothing is to be stored, or null.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<CaseOutcome> RunAsync(Func<NpgsqlConnection, Task<string?>> step, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            if (await step(connection) is { } refusal) return new CaseOutcome.Refused(refusal);
            await transaction.CommitAsync(cancellationToken);
            return new CaseOutcome.Done();
        }
        catch (PostgresException problem) when (CaseRefusals.Find(problem) is not null)
        {
            return new CaseOutcome.Refused(CaseRefusals.Find(problem)!);
        }
    }

    /// <summary>Calls a function of the database with texts.</summary>
    public static async Task CallAsync(NpgsqlConnection connection, string function, CancellationToken cancellationToken, params string?[] texts)
    {
        await using var command = new NpgsqlCommand($"select {function}({string.Join(", ", texts.Select((_, i) => $"${i + 1}"))})", connection);
        foreach (var text in texts) command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)text ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Why a signed decision was not stored, or null where it was.</summary>
    public static string? ProblemOf(CaseDecision decision) => decision switch
    {
        CaseDecision.Refused refused => refused.Because,
        CaseDecision.Overtaken overtaken => overtaken.Because,
        _ => null,
    };
}
