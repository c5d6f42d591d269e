using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlockList.Format.Statements;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Access;

/// <summary>
/// Our verifier of assertions, which works off line from what is stored, beside ASP.NET Core's passkey handler, which signs people in: the
/// same assertions, one deviation at a time, signed by the right key wherever a thief could have it sign.
/// </summary>
public sealed class PasskeyAgreementTests : IDisposable
{
    private static readonly RelyingParty Party = new("sign.operator.example", "https://sign.operator.example");

    /// <summary>Its base64url has both characters that base64 writes differently.</summary>
    private static readonly byte[] Challenge = [0xfb, 0xff, .. SHA256.HashData("what is decided"u8)[2..]];

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => key.Dispose();

    public static TheoryData<string> Valid => [.. ValidOnes.Keys];

    public static TheoryData<string> Invalid => [.. InvalidOnes.Keys];

    public static TheoryData<string> Stricter => [.. StricterOnes.Keys];

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task Both_accept(string what) => Assert.Equal((null, true), await JudgeAsync(ValidOnes[what]));

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Both_refuse(string what)
    {
        var (problem, accepted) = await JudgeAsync(InvalidOnes[what]);

        Assert.NotNull(problem);
        Assert.False(accepted);
    }

    /// <summary>Where the specification leaves room, a signature that is kept for ever must have one reading.</summary>
    [Theory]
    [MemberData(nameof(Stricter))]
    public async Task Ours_alone_refuses(string what)
    {
        var (problem, accepted) = await JudgeAsync(StricterOnes[what]);

        Assert.NotNull(problem);
        Assert.True(accepted);
    }

    [Fact]
    public void At_least_thirty_kinds_are_compared() => Assert.InRange(InvalidOnes.Count, 30, int.MaxValue);

    /// <summary>What the authenticator adds stands under its signature, and nothing of it is read.</summary>
    [Fact]
    public async Task Handler_alone_refuses_an_extension_that_is_no_CBOR()
    {
        var (problem, accepted) = await JudgeAsync(attempt => attempt with { Flags = 0x85, Extra = [0xff] });

        Assert.Null(problem);
        Assert.False(accepted);
    }

    private static Dictionary<string, Func<Attempt, Attempt>> ValidOnes => new(StringComparer.Ordinal)
    {
        ["as browsers write it"] = attempt => attempt,
        ["without crossOrigin"] = attempt => attempt.Without("crossOrigin"),
        ["with members that are not known"] = attempt => attempt.With("other_keys_can_be_added_here", "do not compare clientDataJSON against a template."),
        ["in another order"] = attempt => attempt.Text(client => new JsonObject(client.Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString()),
        ["with white space"] = attempt => attempt.Text(client => client.ToJsonString(new JsonSerializerOptions { WriteIndented = true })),
        ["with a counter"] = attempt => attempt with { Counter = 77 },
        ["of a passkey that is backed up"] = attempt => attempt with { Flags = 0x1d },
        ["with an extension that is announced"] = attempt => attempt with { Flags = 0x85, Extra = [0xa1, 0x61, 0x78, 0xf5] },
    };

    private static Dictionary<string, Func<Attempt, Attempt>> InvalidOnes => new(StringComparer.Ordinal)
    {
        ["type of a registration"] = attempt => attempt.With("type", "webauthn.create"),
        ["type of a payment"] = attempt => attempt.With("type", "payment.get"),
        ["type in capitals"] = attempt => attempt.With("type", "WEBAUTHN.GET"),
        ["no type"] = attempt => attempt.Without("type"),
        ["type that is no text"] = attempt => attempt.With("type", 1),
        ["another challenge"] = attempt => attempt.With("challenge", Base64Url.EncodeToString(SHA256.HashData("something else"u8))),
        ["a longer challenge"] = attempt => attempt.With("challenge", Base64Url.EncodeToString([.. Challenge, 0])),
        ["a shorter challenge"] = attempt => attempt.With("challenge", Base64Url.EncodeToString(Challenge.AsSpan(..31))),
        ["an empty challenge"] = attempt => attempt.With("challenge", ""),
        ["no challenge"] = attempt => attempt.Without("challenge"),
        ["challenge null"] = attempt => attempt.With("challenge", null),
        ["another origin"] = attempt => attempt.With("origin", "https://sign.operator.example.evil.example"),
        ["origin without TLS"] = attempt => attempt.With("origin", "http://sign.operator.example"),
        ["origin at another port"] = attempt => attempt.With("origin", "https://sign.operator.example:444"),
        ["origin with a path"] = attempt => attempt.With("origin", "https://sign.operator.example/"),
        ["origin above"] = attempt => attempt.With("origin", "https://operator.example"),
        ["no origin"] = attempt => attempt.Without("origin"),
        ["inside another site's frame"] = attempt => attempt.With("crossOrigin", true),
        ["crossOrigin that is no truth"] = attempt => attempt.With("crossOrigin", "false"),
        ["client data that is empty"] = attempt => attempt with { ClientData = [] },
        ["client data that is no JSON"] = attempt => attempt with { ClientData = "type=webauthn.get"u8.ToArray() },
        ["client data in a list"] = attempt => attempt with { ClientData = [(byte)'[', .. attempt.ClientData, (byte)']'] },
        ["client data with something after it"] = attempt => attempt with { ClientData = [.. attempt.ClientData, (byte)'x'] },
        ["client data that is no UTF-8"] = attempt => attempt with { ClientData = [.. attempt.ClientData.AsSpan(..^2), 0xff, (byte)'"', (byte)'}'] },
        ["another relying party"] = attempt => attempt with { RelyingParty = "evil.example" },
        ["the relying party above"] = attempt => attempt with { RelyingParty = "operator.example" },
        ["the origin as relying party"] = attempt => attempt with { RelyingParty = Party.Origin },
        ["nobody present"] = attempt => attempt with { Flags = 0x04 },
        ["person not verified"] = attempt => attempt with { Flags = 0x01 },
        ["no flag"] = attempt => attempt with { Flags = 0 },
        ["backed up though it cannot be"] = attempt => attempt with { Flags = 0x15 },
        ["attested data announced and absent"] = attempt => attempt with { Flags = 0x45 },
        ["extension announced and absent"] = attempt => attempt with { Flags = 0x85 },
        ["bytes that no flag announces"] = attempt => attempt with { Extra = [0xa0] },
        ["authenticator data cut off"] = attempt => attempt with { Cut = 1 },
        ["authenticator data that is empty"] = attempt => attempt with { Cut = 37 },
        ["another key"] = attempt => attempt with { Sign = (_, data) => { using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256); return Der(other, data); } },
        ["signature that is empty"] = attempt => attempt with { Sign = (_, _) => [] },
        ["signature cut off"] = attempt => attempt with { Sign = (own, data) => Der(own, data)[..^1] },
        ["signature with one bit of another"] = attempt => attempt with { Sign = (own, data) => { var made = Der(own, data); made[^1] ^= 1; return made; } },
        ["signature in the form of JOSE"] = attempt => attempt with { Sign = (own, data) => own.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) },
        ["signature by another hash"] = attempt => attempt with { Sign = (own, data) => own.SignData(data, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence) },
        ["signature over half of it"] = attempt => attempt with { Sign = (own, data) => Der(own, data.AsSpan(..^32).ToArray()) },
        ["signature over other client data"] = attempt => attempt with { Sign = (own, data) => Der(own, [.. data.AsSpan(..^32), .. SHA256.HashData("{}"u8)]) },
    };

    private static Dictionary<string, Func<Attempt, Attempt>> StricterOnes => new(StringComparer.Ordinal)
    {
        ["a challenge with padding"] = attempt => attempt.With("challenge", Base64Url.EncodeToString(Challenge) + "="),
        ["a key that stands twice"] = attempt => attempt.Text(client => client.ToJsonString().Replace("\"type\"", "\"origin\":\"https://evil.example\",\"type\"", StringComparison.Ordinal)),
    };

    private async Task<(string? Problem, bool Accepted)> JudgeAsync(Func<Attempt, Attempt> change)
    {
        var made = change(Attempt.Usual(Challenge));
        var (authenticatorData, clientData) = (made.AuthenticatorData, made.ClientData);
        var signature = made.Sign(key, [.. authenticatorData, .. SHA256.HashData(clientData)]);
        var problem = new Assertion(authenticatorData, clientData, signature).FindProblem(Challenge, Party, key.ExportSubjectPublicKeyInfo());
        return (problem, await HandlerAcceptsAsync(authenticatorData, clientData, signature, isBackedUp: (made.Flags & 0x08) != 0));
    }

    private async Task<bool> HandlerAcceptsAsync(byte[] authenticatorData, byte[] clientData, byte[] signature, bool isBackedUp)
    {
        var id = RandomNumberGenerator.GetBytes(16);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IUserStore<Signer>>(new OnePasskey(new UserPasskeyInfo(id, Authenticator.CoseKey(key), default, 0, ["usb"], true, isBackedUp, isBackedUp, [], [])));
        services.AddIdentityCore<Signer>();
        services.AddScoped<IPasskeyHandler<Signer>, PasskeyHandler<Signer>>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            passkeys.ServerDomain = Party.Id;
            passkeys.UserVerificationRequirement = "required";
            passkeys.ValidateOrigin = origin => ValueTask.FromResult(origin.Origin == Party.Origin && !origin.CrossOrigin);
        });
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var handler = scope.ServiceProvider.GetRequiredService<IPasskeyHandler<Signer>>();
        var state = JsonNode.Parse((await handler.MakeRequestOptionsAsync(new Signer(), context)).AssertionState!)!;
        state["challenge"] = Convert.ToBase64String(Challenge);
        var answer = JsonSerializer.Serialize(new
        {
            id = Base64Url.EncodeToString(id),
            rawId = Base64Url.EncodeToString(id),
            type = "public-key",
            clientExtensionResults = new { },
            response = new { authenticatorData = Base64Url.EncodeToString(authenticatorData), clientDataJSON = Base64Url.EncodeToString(clientData), signature = Base64Url.EncodeToString(signature), userHandle = Base64Url.EncodeToString("signer"u8) },
        });
        return (await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = answer, AssertionState = state.ToJsonString() })).Succeeded;
    }

    private static byte[] Der(ECDsa key, byte[] data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private sealed record Attempt(byte[] ClientData, string RelyingParty, byte Flags, uint Counter, byte[] Extra, int Cut, Func<ECDsa, byte[], byte[]> Sign)
    {
        public byte[] AuthenticatorData
        {
            get
            {
                byte[] whole = [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)), Flags, (byte)(Counter >> 24), (byte)(Counter >> 16), (byte)(Counter >> 8), (byte)Counter, .. Extra];
                return whole[..^Cut];
            }
        }

        public static Attempt Usual(byte[] challenge) => new(
            Encoding.UTF8.GetBytes($$"""{"type":"webauthn.get","challenge":"{{Base64Url.EncodeToString(challenge)}}","origin":"{{Party.Origin}}","crossOrigin":false}"""), Party.Id, 0x05, 0, [], 0, Der);

        public Attempt With(string member, JsonNode? value) => Text(client =>
        {
            client[member] = value;
            return client.ToJsonString();
        });

        public Attempt Without(string member) => Text(client =>
        {
            client.Remove(member);
            return client.ToJsonString();
        });

        public Attempt Text(Func<JsonObject, string> write) => this with { ClientData = Encoding.UTF8.GetBytes(write(JsonNode.Parse(ClientData)!.AsObject())) };
    }

    private sealed class Signer;

    /// <summary>What the handler asks of a store of people, for one person with one passkey.</summary>
    private sealed class OnePasskey(UserPasskeyInfo passkey) : IUserPasskeyStore<Signer>
    {
        public Task<Signer?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult<Signer?>(new Signer());

        public Task<UserPasskeyInfo?> FindPasskeyAsync(Signer user, byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult<UserPasskeyInfo?>(passkey);

        public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Signer user, CancellationToken cancellationToken) => Task.FromResult<IList<UserPasskeyInfo>>([passkey]);

        public Task<Signer?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult<Signer?>(new Signer());

        public Task<string> GetUserIdAsync(Signer user, CancellationToken cancellationToken) => Task.FromResult("signer");

        public Task<string?> GetUserNameAsync(Signer user, CancellationToken cancellationToken) => Task.FromResult<string?>("signer");

        public Task<string?> GetNormalizedUserNameAsync(Signer user, CancellationToken cancellationToken) => Task.FromResult<string?>("signer");

        public Task<Signer?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult<Signer?>(null);

        public Task AddOrUpdatePasskeyAsync(Signer user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemovePasskeyAsync(Signer user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetUserNameAsync(Signer user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetNormalizedUserNameAsync(Signer user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> CreateAsync(Signer user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> UpdateAsync(Signer user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> DeleteAsync(Signer user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
