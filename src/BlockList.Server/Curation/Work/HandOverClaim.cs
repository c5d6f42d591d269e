using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Gives one's own claim to a colleague, who then has half an hour.</summary>
internal sealed class HandOverClaim(NpgsqlDataSource database, TimeProvider clock)
{
    /// <returns>Null where it is the colleague's now; otherwise why not.</returns>
    public async Task<string?> RunAsync(string list, Guid handle, string colleague, Viewer person, CancellationToken cancellationToken)
    {
        if (EntryWork.FindObjection(person) is { } objection) return objection;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await EntryWork.FindOpenAsync(connection, list, handle, cancellationToken) is not { } episode) return EntryWork.NotOpen;
        var given = await EntryWork.ExecuteAsync(connection, """
            update curation.claim set person = $4, taken_at = $5, expires_at = $6
            where episode_id = $1 and agency = $2 and person = $3 and expires_at > $5
              and exists (select from access.person p where p.id = $4 and p.agency = $2 and 'curator' = any (p.roles) and p.id <> $3)
              and not exists (select from curation.conflict c join curation.episode e on e.subject_id = c.subject_id where e.id = $1 and c.person = $4)
              and (select count(*) from curation.claim held where held.person = $4 and held.expires_at > $5) < $7
            """, cancellationToken, episode, person.Agency, person.Person, colleague, now, now + TakeClaim.Lasts, TakeClaim.Most);
        if (given == 0) return "The claim was not handed over. It may have ended meanwhile, or your colleague is no curator any more, has a conflict of interest here, or holds too much already.";
        await EntryWork.RecordAsync(connection, person, "claim.hand-over", handle, list, cancellationToken, ("to", colleague));
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
