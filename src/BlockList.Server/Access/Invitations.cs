using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlockList.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>Secrets of invitation links, and what one is good for now.</summary>
internal static class Invitations
{
    /// <summary>Bytes of a link's secret; the database keeps its SHA-256.</summary>
    private const int SecretLength = 32;

    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretLength));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static string LinkOf(string origin, string secret) => $"{origin}/invitation/{secret}";

    /// <summary>The invitation of a link and its person, or null where there is none.</summary>
    public static async Task<(Invitation Invitation, Person Person)?> FindAsync(BlockListDb db, string secret, CancellationToken cancellationToken)
    {
        var hash = Hash(secret);
        var found = await db.Invitations.Where(i => i.TokenSha256 == hash).Join(db.People, i => i.Person, p => p.Id, (i, p) => new { i, p }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.i, found.p);
    }

    /// <summary>Why the link opens nothing, for who holds it; null where it opens.</summary>
    public static (string What, string Advice)? ProblemOf(Invitation invitation, Person person, DateTimeOffset now) => invitation switch
    {
        _ when person.LeftAt is not null => ("This invitation is withdrawn", "It was for someone who has left. Ask an administrator of your agency if that is wrong."),
        { UsedAt: not null } => ("This invitation was used already", "A passkey was made with it; each link works once. If that was you, sign in. If it was not, tell an administrator of your agency at once: they can end what was opened with it."),
        { RevokedAt: not null } => ("This invitation is withdrawn", "An administrator withdrew it, or made a newer one. Use the newest link that you were sent, or ask for another."),
        _ when invitation.ExpiresAt <= now => ("This invitation is too old", "It was not used in time. Ask the administrator who sent it for another."),
        { WaitsForApproval: true } => ("This invitation waits for a second person", "Whoever comes back after losing their passkeys is let in by two people. Ask another administrator or a curator of your agency to approve it on your page under Agencies and people; then open this link again."),
        _ => null,
    };
}
