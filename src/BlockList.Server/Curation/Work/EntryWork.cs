using BlockList.Server.Access;
using BlockList.Server.Oversight;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>What the small steps around an entry have in common: the open episode that is meant, one transaction, its audit row.</summary>
internal static class EntryWork
{
    public const string NotOpen = "This entry is not open any more: it lapsed, was removed or was declined. Look it up again.";

    /// <summary>The open episode of an entry on a list, or null where there is none. Not locked: one that ends meanwhile gets a step
    /// that moves nobody any more, and the decisions on it are refused.</summary>
    public static async Task<Guid?> FindOpenAsync(NpgsqlConnection connection, string list, Guid handle, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id from curation.episode where subject_id = $1 and list = $2 and closed_at is null and is_current", connection);
        command.Parameters.AddWithValue(handle);
        command.Parameters.AddWithValue(list);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    /// <summary>Runs a statement with <c>$1</c>, <c>$2</c>, … and returns the number of rows.</summary>
    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Why someone who works on entries may not: they have no agency, or not the role.</summary>
    public static string? FindObjection(Viewer person) =>
        person.Agency is null || !person.Is(RoleNames.Curator) ? "Only curators of an agency work on entries. Your roles stand on your account page." : null;

    public static Task RecordAsync(NpgsqlConnection connection, Viewer person, string action, Guid handle, string list, CancellationToken cancellationToken, params (string Key, string? Value)[] detail)
    {
        var json = new System.Text.Json.Nodes.JsonObject { ["list"] = list };
        foreach (var (key, value) in detail) json[key] = value;
        return AuditLog.AppendAsync(connection, person.Person, action, handle.ToString(), json, cancellationToken);
    }
}
