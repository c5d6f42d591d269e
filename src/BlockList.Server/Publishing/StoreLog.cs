using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Publishing;

/// <summary>Writes one step of a log, inside the transaction that exposes what it speaks of. Who comes second moved no head; were it
/// otherwise, the leaf's place would be taken.</summary>
internal static class StoreLog
{
    public static async Task RunAsync(NpgsqlConnection connection, string list, LogAppend step, CancellationToken cancellationToken)
    {
        await using var leaf = new NpgsqlCommand("insert into publishing.log_leaf (list, position, targets_version, leaf, root_sha256, checkpoint) values ($1, $2, $3, $4, $5, $6)", connection);
        leaf.Parameters.AddWithValue(list);
        leaf.Parameters.AddWithValue(step.Checkpoint.Size - 1);
        leaf.Parameters.AddWithValue(step.Leaf.TargetsVersion);
        leaf.Parameters.AddWithValue(step.Leaf.ToString());
        leaf.Parameters.AddWithValue(step.Checkpoint.RootSha256);
        leaf.Parameters.AddWithValue(step.Proof.Note);
        await leaf.ExecuteNonQueryAsync(cancellationToken);
        await using var nodes = new NpgsqlCommand("insert into publishing.log_node (list, level, index, hash) select $1, n.level, n.index, n.hash from unnest($2::smallint[], $3::bigint[], $4::bytea[]) as n (level, index, hash)", connection);
        nodes.Parameters.AddWithValue(list);
        nodes.Parameters.AddWithValue(step.Nodes.Keys.Select(n => (short)n.Level).ToArray());
        nodes.Parameters.AddWithValue(step.Nodes.Keys.Select(n => n.Index).ToArray());
        nodes.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Bytea, step.Nodes.Values.ToArray());
        await nodes.ExecuteNonQueryAsync(cancellationToken);
    }
}
