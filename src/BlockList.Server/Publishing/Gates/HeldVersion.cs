using BlockList.Format;
using BlockList.Format.Lists;
using BlockList.Format.Statements;
using BlockList.Format.Tuf;
using BlockList.Server.Publishing.Ledger;
using Npgsql;

namespace BlockList.Server.Publishing.Gates;

/// <summary>A change that a gate holds, and what was said of it.</summary>
/// <param name="Id">Its row.</param>
/// <param name="List">The list whose change it is.</param>
/// <param name="Gates">That closed.</param>
/// <param name="Change">What waits, as the step from the version that was newest then.</param>
/// <param name="ChangeSha256">Hash of its bytes, which a person signs.</param>
/// <param name="Shown">What people saw when they gave their word: the ledger as it was when this was held, whatever came after.</param>
/// <param name="Said">The newest word on it that counts, or null.</param>
/// <param name="Approval">An approver's word to the agents, or null.</param>
internal sealed record HeldVersion(Guid Id, string List, Gate Gates, Delta Change, string ChangeSha256, LedgerPoint Shown, VersionAction? Said, BulkApproval? Approval)
{
    public bool IsConfirmed => Said == VersionAction.Confirm;

    public bool IsDiscarded => Said == VersionAction.Discard;

    /// <summary>Those of a list that are not over, the oldest first. Only what stands in the ledger about them counts.</summary>
    public static async Task<List<HeldVersion>> ReadOpenAsync(NpgsqlConnection connection, string list, VersionDecisions decisions, CancellationToken cancellationToken)
    {
        var held = new List<HeldVersion>();
        await using var command = new NpgsqlCommand("""
            select h.id, h.gates, h.change, h.ledger_position, h.evaluated_at,
              (select d.approval::text from publishing.version_decision d where d.held_id = h.id and d.action = 'confirm' and d.approval is not null order by d.position desc limit 1)
            from publishing.held h where h.list = $1 and not exists (select from publishing.held_end e where e.held_id = h.id) order by h.held_at, h.id
            """, connection);
        command.Parameters.AddWithValue(list);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, change) = (reader.GetGuid(0), reader.GetFieldValue<byte[]>(2));
            var sha256 = Hashes.Sha256(change);
            var shown = new LedgerPoint(reader.GetInt64(3), reader.GetFieldValue<DateTimeOffset>(4));
            var word = decisions.Of(id, sha256);
            // No row of the publisher's says that people saw what came after their word.
            held.Add(new HeldVersion(id, list, GateText.Parse(reader.GetFieldValue<string[]>(1)), Delta.Parse(change), sha256, word is null ? shown : shown.NotAfter(word.At), word?.Action,
                reader.IsDBNull(5) ? null : ApprovalText.Parse(reader.GetString(5))));
        }
        return held;
    }

    /// <summary>Those of some ids, over or not, by themselves: a word on one is judged by what was held, whatever became of it since.</summary>
    public static async Task<Dictionary<Guid, HeldVersion>> ReadAsync(NpgsqlConnection connection, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var held = new Dictionary<Guid, HeldVersion>();
        var wanted = ids.Distinct().ToArray();
        if (wanted.Length == 0) return held;
        await using var command = new NpgsqlCommand("select id, list, gates, change, ledger_position, evaluated_at from publishing.held where id = any ($1)", connection);
        command.Parameters.AddWithValue(wanted);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, change) = (reader.GetGuid(0), reader.GetFieldValue<byte[]>(3));
            held.Add(id, new HeldVersion(id, reader.GetString(1), GateText.Parse(reader.GetFieldValue<string[]>(2)), Delta.Parse(change), Hashes.Sha256(change),
                new LedgerPoint(reader.GetInt64(4), reader.GetFieldValue<DateTimeOffset>(5)), null, null));
        }
        return held;
    }
}
