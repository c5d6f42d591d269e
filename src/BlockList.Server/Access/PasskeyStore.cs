using System.Security.Cryptography;
using BlockList.Server.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlockList.Server.Access;

/// <summary>
/// What ASP.NET Core Identity's passkey handler needs to know of people and passkeys, and no more of Identity. It only
/// reads: use cases write, with their audit rows.
/// </summary>
/// <remarks>
/// An unknown handle or credential is answered with a person and a key that cannot match, so that the handler does all
/// its work, the signature included, before it refuses: whether someone is registered here shows in no answer and no time.
/// </remarks>
internal sealed class PasskeyStore(IDbContextFactory<BlockListDb> contexts) : IUserPasskeyStore<Person>
{
    private static readonly byte[] NobodysKey = MakeKey();

    public async Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        var handle = ParseHandle(userId);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Handle == handle && p.LeftAt == null, cancellationToken)
            ?? new Person { Id = "", Name = "", Handle = handle };
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var passkey = await db.Passkeys.AsNoTracking().SingleOrDefaultAsync(p => p.Id == credentialId && p.Person == user.Id, cancellationToken);
        return passkey is null ? new UserPasskeyInfo(credentialId, NobodysKey, default, 0, [], true, true, true, [], []) : ToInfo(passkey);
    }

    public async Task<Person?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Passkeys.Where(p => p.Id == credentialId).Join(db.People, k => k.Person, p => p.Id, (_, p) => p).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Person user, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await db.Passkeys.AsNoTracking().Where(p => p.Person == user.Id).ToListAsync(cancellationToken)).Select(ToInfo)];
    }

    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(HandleOf(user));

    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id);

    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id);

    public Task AddOrUpdatePasskeyAsync(Person user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task RemovePasskeyAsync(Person user, byte[] credentialId, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> CreateAsync(Person user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> UpdateAsync(Person user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken cancellationToken) => throw ReadsOnly();

    public Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw ReadsOnly();

    public void Dispose()
    {
    }

    public static string HandleOf(Person person) => person.Handle.ToString("N");

    /// <summary>The counter is handed out as zero: it is compared where it is stored, so that of two sign-ins at once by one
    /// key and its copy, one is refused.</summary>
    private static UserPasskeyInfo ToInfo(Passkey passkey) => new(passkey.Id, passkey.PublicKey, passkey.CreatedAt, 0, passkey.Transports,
        passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp, passkey.AttestationObject, passkey.ClientData) { Name = passkey.Name };

    private static Guid ParseHandle(string text) => Guid.TryParseExact(text, "N", out var handle) ? handle : Guid.Empty;

    private static NotSupportedException ReadsOnly() => new("use cases write people and passkeys");

    /// <summary>A COSE key (RFC 9053, EC2 on P-256, ES256) whose private half is forgotten at once.</summary>
    private static byte[] MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }
}
