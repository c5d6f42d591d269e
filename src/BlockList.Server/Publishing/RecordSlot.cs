using Npgsql;

namespace BlockList.Server.Publishing;

/// <summary>Writes down what became of a slot: one outcome for each, whoever comes first.</summary>
internal static class RecordSlot
{
    /// <returns>False where another publisher was first.</returns>
    public static async Task<bool> RunAsync(NpgsqlConnection connection, string list, PublishCause? cause, string outcome, int? serial, CancellationToken cancellationToken)
    {
        if (cause is not PublishCause.Slot slot) return true;
        await using var command = new NpgsqlCommand(
            "insert into publishing.slot (list, slot_at, outcome, serial) values ($1, $2, $3, $4) on conflict do nothing", connection);
        command.Parameters.AddWithValue(list);
        command.Parameters.AddWithValue(slot.At);
        command.Parameters.AddWithValue(outcome);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Integer, (object?)serial ?? DBNull.Value);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
