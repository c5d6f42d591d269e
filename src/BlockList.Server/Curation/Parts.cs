using Npgsql;

namespace BlockList.Server.Curation;

/// <summary>Who had a part in an entry: whoever had decides no complaint about it.</summary>
internal static class Parts
{
    /// <summary>Whether the person or their agency decided anything about the name and scope of an episode, on any list and in any episode;
    /// decisions about complaints apart.</summary>
    /// <param name="connection">Of whoever asks.</param>
    /// <param name="episode">Of the entry.</param>
    /// <param name="person">Id of the person.</param>
    /// <param name="agency">Id of their agency; null where they belong to none.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public static async Task<bool> ExistAsync(NpgsqlConnection connection, Guid episode, string person, string? agency, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select curation.had_part($1, $2, $3)", connection);
        command.Parameters.AddWithValue(episode);
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Text, (object?)agency ?? DBNull.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
