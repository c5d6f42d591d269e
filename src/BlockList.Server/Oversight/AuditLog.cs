using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Oversight;

/// <summary>
/// Appends to the audit log inside the caller's transaction: the change and its row are committed together or not at
/// all. The database function adds the login and the time. Never a domain name: subjects are ids.
/// </summary>
internal static class AuditLog
{
    /// <param name="connection">With its transaction open.</param>
    /// <param name="actor">Who acts: a person's id, or the name of a role or job.</param>
    /// <param name="action">A verb and its object, <c>decision.submit</c>.</param>
    /// <param name="subject">Id of what is acted upon.</param>
    /// <param name="detail">Facts that a reader of the log needs; no names, no personal data.</param>
    public static async Task AppendAsync(NpgsqlConnection connection, string actor, string action, string subject, JsonObject? detail, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select oversight.append_audit($1, $2, $3, $4)", connection);
        command.Parameters.AddWithValue(actor);
        command.Parameters.AddWithValue(action);
        command.Parameters.AddWithValue(subject);
        command.Parameters.Add(new NpgsqlParameter { Value = (detail ?? []).ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
