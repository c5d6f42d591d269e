using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace BlockList.Server.Access;

/// <summary>
/// What browsers were asked to sign. A ceremony is taken once, in the browser in which it began, within five minutes;
/// an answer that is sent again finds nothing.
/// </summary>
internal sealed class Ceremonies(NpgsqlDataSource database, TimeProvider clock)
{
    public const string SignIn = "sign-in";
    public const string Register = "register";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <param name="kind"><see cref="SignIn"/> or <see cref="Register"/>.</param>
    /// <param name="state">What the passkey handler wants to see again.</param>
    /// <param name="browser">Form token of the browser: the ceremony is of no use in another one.</param>
    /// <param name="person">For whom a passkey is made.</param>
    /// <param name="invitation">By which, where nobody is signed in.</param>
    /// <param name="cancellationToken">Before it is stored.</param>
    /// <returns>Its secret, which the browser sends back.</returns>
    public async Task<string> BeginAsync(string kind, string state, string browser, string? person, Guid? invitation, CancellationToken cancellationToken)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand("""
            with old as (delete from access.ceremony where expires_at <= $7)
            insert into access.ceremony (id_sha256, kind, person, invitation_id, state, expires_at) values ($1, $2, $3, $4, $5, $6)
            """);
        command.Parameters.AddWithValue(Hash(secret, browser));
        command.Parameters.AddWithValue(kind);
        command.Parameters.AddWithValue((object?)person ?? DBNull.Value);
        command.Parameters.AddWithValue((object?)invitation ?? DBNull.Value);
        command.Parameters.AddWithValue(state);
        command.Parameters.AddWithValue(now + Lifetime);
        command.Parameters.AddWithValue(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return secret;
    }

    /// <summary>Gone with this call, whatever comes of it; null where there is none, it was taken, or its time is over.</summary>
    public async Task<Ceremony?> TakeAsync(string kind, string? secret, string browser, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(secret)) return null;
        await using var command = database.CreateCommand("delete from access.ceremony where id_sha256 = $1 returning kind, person, invitation_id, state, expires_at");
        command.Parameters.AddWithValue(Hash(secret, browser));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || reader.GetString(0) != kind || reader.GetFieldValue<DateTimeOffset>(4) <= clock.GetUtcNow()) return null;
        return new Ceremony(reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetString(3));
    }

    private static byte[] Hash(string secret, string browser) => SHA256.HashData(Encoding.UTF8.GetBytes($"{secret}\n{browser}"));
}

/// <param name="Person">For whom a passkey is made.</param>
/// <param name="Invitation">By which.</param>
/// <param name="State">Of the passkey handler.</param>
internal sealed record Ceremony(string? Person, Guid? Invitation, string State);
