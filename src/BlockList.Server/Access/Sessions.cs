using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Access;

/// <summary>Sessions as rows: opened by a sign-in, read with every request, ended by people, idleness or time.</summary>
internal sealed class Sessions(NpgsqlDataSource database, IOptions<SignInOptions> options, TimeProvider clock)
{
    /// <summary>Bytes of a session's secret; the database keeps its SHA-256.</summary>
    private const int SecretLength = 32;

    /// <summary>So often at most does reading write.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    /// <summary>Opens a session inside the caller's transaction and returns its secret, which the browser alone keeps.</summary>
    public async Task<string> OpenAsync(NpgsqlConnection connection, string person, byte[]? passkey, string? userAgent, CancellationToken cancellationToken)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength));
        var now = clock.GetUtcNow();
        await using var command = new NpgsqlCommand("""
            insert into access.session (id, token_sha256, person, passkey, created_at, last_seen_at, expires_at, user_agent) values ($1, $2, $3, $4, $5, $5, $6, $7)
            """, connection);
        command.Parameters.AddWithValue(Guid.CreateVersion7(now));
        command.Parameters.AddWithValue(Hash(secret));
        command.Parameters.AddWithValue(person);
        command.Parameters.AddWithValue(passkey is null ? DBNull.Value : passkey);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + TimeSpan.FromMinutes(options.Value.LongestMinutes));
        command.Parameters.AddWithValue(userAgent is null ? "" : userAgent.Length <= 200 ? userAgent : userAgent[..200]);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return secret;
    }

    /// <summary>Whose session it is, or null where there is none, it ended, or its person left.</summary>
    public async Task<Viewer?> FindAsync(string? secret, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(secret)) return null;
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand("""
            select s.id, s.person, p.name, p.agency, a.name, a.country, p.roles, p.zone, p.theme, p.keys::text, s.last_seen_at, s.expires_at
            from access.session s join access.person p on p.id = s.person left join access.agency a on a.id = p.agency
            where s.token_sha256 = $1 and s.ended_at is null and p.left_at is null
            """);
        command.Parameters.AddWithValue(Hash(secret));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var viewer = new Viewer(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), Text(3), Text(4), Text(5),
            reader.GetFieldValue<string[]>(6).ToHashSet(StringComparer.Ordinal), Zone(reader.GetString(7)), reader.GetString(8), reader.GetString(9));
        var (seen, expires) = (reader.GetFieldValue<DateTimeOffset>(10), reader.GetFieldValue<DateTimeOffset>(11));
        await reader.DisposeAsync();
        if (expires <= now || seen + TimeSpan.FromMinutes(options.Value.IdleMinutes) <= now)
        {
            await EndAsync(viewer.Session, expires <= now ? "expired" : "idle", cancellationToken);
            return null;
        }
        if (seen + SeenEvery <= now) await SeeAsync(viewer.Session, now, cancellationToken);
        return viewer;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <param name="session">Its row.</param>
    /// <param name="because">One of the reasons that the database knows.</param>
    /// <param name="cancellationToken">Before the row is changed.</param>
    public async Task EndAsync(Guid session, string because, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update access.session set ended_at = $2, ended_because = $3 where id = $1 and ended_at is null");
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(clock.GetUtcNow());
        command.Parameters.AddWithValue(because);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task SeeAsync(Guid session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update access.session set last_seen_at = $2 where id = $1");
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static byte[] Hash(string secret) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret));

    /// <summary>A zone that a newer machine knew and this one does not is shown as UTC.</summary>
    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}
