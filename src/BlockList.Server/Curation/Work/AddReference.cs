using BlockList.Server.Access;
using BlockList.Server.Curation.Importing;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Adds a typed reference to an open entry: where to look in another system.</summary>
internal sealed class AddReference(NpgsqlDataSource database, TimeProvider clock)
{
    /// <param name="entry">Which entry.</param>
    /// <param name="typed"><c>TYPE:NUMBER</c>.</param>
    /// <param name="viewer">Who adds it.</param>
    /// <param name="cancellationToken">Before the commit.</param>
    public async Task<WorkOutcome> RunAsync(EntryAddress entry, string typed, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!Claims.MayWork(viewer)) return new WorkOutcome.Refused("", Claims.OnlyCurators);
        if (!Reference.TryParse(typed.Trim(), out var type, out var number))
            return new WorkOutcome.Refused("reference", $"The reference is not of the form TYPE:NUMBER. Write one of {string.Join(", ", Reference.Types)}, a colon and the number, for example ICCAM:123456.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await Claims.OpenEpisodeAsync(connection, entry, cancellationToken) is not { } episode) return new WorkOutcome.Refused("", Claims.NotOpen);
        await using var command = new NpgsqlCommand("""
            insert into curation.reference (id, episode_id, type, number, agency, person) values ($1, $2, $3, $4, $5, $6) on conflict on constraint reference_once do nothing
            """, connection);
        foreach (var value in new object[] { Guid.CreateVersion7(clock.GetUtcNow()), episode, type, number!, viewer.Agency!, viewer.Person }) command.Parameters.AddWithValue(value);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return new WorkOutcome.Unchanged();
        await Claims.AuditAsync(connection, viewer, "reference.add", entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new WorkOutcome.Done();
    }
}
