using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Curation.Work;

/// <summary>Hands one's own claim to a colleague of the same agency, who has it for half an hour from now.</summary>
internal sealed class HandOverClaim(NpgsqlDataSource database)
{
    public async Task<ClaimOutcome> RunAsync(EntryAddress entry, string colleague, Viewer viewer, CancellationToken cancellationToken)
    {
        if (!Claims.MayWork(viewer)) return new ClaimOutcome.Refused(Claims.OnlyCurators);
        if (colleague == viewer.Person) return new ClaimOutcome.Refused("The entry is yours already. Choose a colleague.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await Claims.OpenEpisodeAsync(connection, entry, cancellationToken) is not { } episode) return new ClaimOutcome.Refused(Claims.NotOpen);
        await using var command = new NpgsqlCommand($"""
            update curation.claim set person = p.id, taken_at = clock_timestamp(), expires_at = clock_timestamp() + interval '30 minutes'
            from access.person p
            where episode_id = $1 and claim.agency = $2 and person = $3 and claim.expires_at > clock_timestamp() and p.id = $4 and p.agency = $2 and '{RoleNames.Curator}' = any (p.roles)
              and not exists (select from curation.conflict where conflict.person = p.id and subject_id = $5)
              and (select count(*) from curation.claim theirs where theirs.person = p.id and theirs.expires_at > clock_timestamp()) < {Claims.Most}
            returning claim.expires_at
            """, connection);
        command.Parameters.AddWithValue(episode);
        command.Parameters.AddWithValue(viewer.Agency!);
        command.Parameters.AddWithValue(viewer.Person);
        command.Parameters.AddWithValue(colleague);
        command.Parameters.AddWithValue(entry.Handle);
        if (await command.ExecuteScalarAsync(cancellationToken) is not DateTime until)
            return new ClaimOutcome.Refused($"It was not handed over: your claim ended, or this colleague is no curator of your agency, has {Claims.Most} claims, or cannot judge this entry. Claim it again, or choose someone else.");
        await Claims.AuditAsync(connection, viewer, "claim.hand-over", entry, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ClaimOutcome.Held(new DateTimeOffset(until, TimeSpan.Zero));
    }
}
