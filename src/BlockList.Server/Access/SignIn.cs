using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Server.Data;
using BlockList.Server.Oversight;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlockList.Server.Access;

/// <param name="Http">The request, for what the passkey handler compares.</param>
/// <param name="Browser">Form token of the browser.</param>
/// <param name="Ceremony">As it was begun.</param>
/// <param name="Credential">What the browser answered, JSON.</param>
internal sealed record SignInRequest(HttpContext Http, string Browser, string? Ceremony, string? Credential);

/// <summary>
/// Signs in with a passkey and nothing else: no name is typed, so none can be tried. Every refusal has the same words,
/// whether the passkey is unknown, its person left, or the signature is wrong; the audit log knows which.
/// </summary>
internal sealed class SignIn(IDbContextFactory<BlockListDb> contexts, Sessions sessions, Ceremonies ceremonies, IPasskeyHandler<Person> passkeys, TimeProvider clock)
{
    /// <summary>Longest answer of a browser that is looked at, in characters.</summary>
    public const int LongestCredential = 64 * 1024;

    /// <returns>Ceremony and the options for <c>navigator.credentials.get</c>.</returns>
    public async Task<(string Ceremony, string Options)> BeginAsync(HttpContext http, string browser, CancellationToken cancellationToken)
    {
        var options = await passkeys.MakeRequestOptionsAsync(null, http);
        return (await ceremonies.BeginAsync(Ceremonies.SignIn, options.AssertionState!, browser, person: null, invitation: null, cancellationToken), options.RequestOptionsJson);
    }

    public async Task<SignInOutcome> RunAsync(SignInRequest request, CancellationToken cancellationToken)
    {
        if (await ceremonies.TakeAsync(Ceremonies.SignIn, request.Ceremony, request.Browser, cancellationToken) is not { } ceremony)
            return await RefuseAsync(new SignInOutcome.TooLate(), request.Http, "ceremony", "unknown", cancellationToken);
        if (request.Credential is not { Length: > 0 and <= LongestCredential } credential)
            return await RefuseAsync(new SignInOutcome.Refused(), request.Http, "malformed", "unknown", cancellationToken);

        var result = await passkeys.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = request.Http, CredentialJson = credential, AssertionState = ceremony.State });
        if (!result.Succeeded) return await RefuseAsync(new SignInOutcome.Refused(), request.Http, "passkey", LabelIn(credential), cancellationToken);
        // Withdrawing every role is how an administrator keeps someone out for a time.
        if (result.User.Roles.Length == 0) return await RefuseAsync(new SignInOutcome.Refused(), request.Http, "no-role", Passkey.Label(result.Passkey.CredentialId), cancellationToken);
        return await OpenAsync(request.Http, result.User.Id, result.Passkey, cancellationToken);
    }

    private async Task<SignInOutcome> OpenAsync(HttpContext http, string person, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var label = Passkey.Label(passkey.CredentialId);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var (count, now) = ((long)passkey.SignCount, clock.GetUtcNow());
        // WebAuthn level 3, section 7.2, step 22: a counter that does not rise says that there are two of this key.
        var stored = await db.Passkeys.Where(p => p.Id == passkey.CredentialId && ((p.SignCount == 0 && count == 0) || p.SignCount < count))
            .ExecuteUpdateAsync(change => change.SetProperty(p => p.SignCount, count).SetProperty(p => p.IsBackedUp, passkey.IsBackedUp).SetProperty(p => p.LastUsedAt, now), cancellationToken);
        if (stored == 0)
        {
            await db.CommitAsync(transaction, "visitor", "sign-in.copied-passkey", person, new JsonObject { ["passkey"] = label, ["from"] = RemoteAddress.Truncated(http) }, cancellationToken);
            return new SignInOutcome.Refused();
        }
        var secret = await sessions.OpenAsync(db.Connection(), person, passkey.CredentialId, http.Request.Headers.UserAgent, cancellationToken);
        await db.CommitAsync(transaction, person, "sign-in", person, new JsonObject { ["passkey"] = label, ["from"] = RemoteAddress.Truncated(http) }, cancellationToken);
        return new SignInOutcome.SignedIn(person, secret);
    }

    private async Task<SignInOutcome> RefuseAsync(SignInOutcome outcome, HttpContext http, string reason, string passkey, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync((NpgsqlConnection)db.Database.GetDbConnection(), "visitor", "sign-in.refuse", "passkey " + passkey,
            new JsonObject { ["reason"] = reason, ["from"] = RemoteAddress.Truncated(http) }, cancellationToken);
        return outcome;
    }

    private static string LabelIn(string credential)
    {
        try
        {
            using var json = JsonDocument.Parse(credential);
            return Passkey.Label(Base64Url.DecodeFromChars(json.RootElement.GetProperty("id").GetString()));
        }
        catch (Exception problem) when (problem is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return "unknown";
        }
    }
}

internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    internal sealed record SignedIn(string Person, string Secret) : SignInOutcome;

    internal sealed record Refused : SignInOutcome;

    /// <summary>The ceremony is over, was taken, or began in another browser.</summary>
    internal sealed record TooLate : SignInOutcome;
}
