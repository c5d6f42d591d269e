using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Criteria;
using BlockList.Server.Signing;
using BlockList.Tools.Development;

namespace BlockList.Tools.Deployments;

/// <summary>
/// The keys of a development deployment, made once and kept: three offline root keys, the online keys of each list, and
/// what the root holders signed with two of three: the agency register and the first root of each list.
/// </summary>
internal sealed class DevelopmentKeys
{
    public const string WorstOf = "worst-of";
    public const string EnforcementTest = "enforcement-test";

    /// <summary>A national list, which one agency of its country fills alone.</summary>
    public const string NoNational = "no-national";

    public static readonly string[] Lists = [WorstOf, NoNational, EnforcementTest];

    /// <summary>Those that the demo provider takes.</summary>
    public static readonly string[] Followed = [WorstOf, EnforcementTest];

    public static readonly RelyingParty RelyingParty = new("localhost", "https://localhost");

    /// <summary>The passphrases have 128 random bits, which no slow derivation makes safer; some fifty keys are opened to set a deployment up.</summary>
    private const int Iterations = 1000;

    private static readonly string[] Holders = ["root1", "root2", "root3"];

    private readonly StateDirectory state;
    private readonly TimeProvider clock;

    private DevelopmentKeys(StateDirectory state, TimeProvider clock, string deployment)
    {
        this.state = state;
        this.clock = clock;
        Deployment = deployment;
    }

    /// <summary>Random, so that two developers' deployments never take each other's documents.</summary>
    public string Deployment { get; }

    public string OnlineFolder => state.Directory("keys");

    public string PassphraseFile => Path.Combine(state.Directory("secrets"), "signing-passphrase");

    /// <summary>The verifier's own: nothing below it is the publisher's, and nothing of it lies anywhere else.</summary>
    public string VerifierFolder => state.Directory("verifier");

    public string VerifierPassphraseFile => Path.Combine(VerifierFolder, "passphrase");

    public string VerifierRecordKeyFile => Path.Combine(VerifierFolder, "record-key");

    public string VerifierRecordFile => Path.Combine(VerifierFolder, "record");

    public string VerifierRegisterFile => Path.Combine(VerifierFolder, "register.json");

    public string VerifierRootsFile => Path.Combine(VerifierFolder, "register-roots.json");

    public string LedgerKeyFile => Path.Combine(state.Directory("secrets"), "ledger-key");

    public string RegisterFile => state.File("register.json");

    public string RegisterRootsFile => state.File("register-roots.json");

    public string RootFile(string list, int version = 1) => Path.Combine(state.Directory("roots"), $"{list}.{version}.root.json");

    public static DevelopmentKeys Prepare(StateDirectory state, DemoCast cast, TimeProvider clock)
    {
        var deploymentFile = state.File("deployment");
        if (!File.Exists(deploymentFile)) state.Write(deploymentFile, "dev-" + RandomNumberGenerator.GetHexString(16, lowercase: true) + "\n");
        var keys = new DevelopmentKeys(state, clock, File.ReadAllText(deploymentFile).Trim());
        if (!File.Exists(keys.PassphraseFile)) state.Write(keys.PassphraseFile, RandomNumberGenerator.GetHexString(32) + "\n", secret: true);
        if (!File.Exists(keys.VerifierPassphraseFile)) state.Write(keys.VerifierPassphraseFile, RandomNumberGenerator.GetHexString(32) + "\n", secret: true);
        if (!File.Exists(keys.VerifierRecordKeyFile)) state.Write(keys.VerifierRecordKeyFile, RandomNumberGenerator.GetHexString(64, lowercase: true) + "\n", secret: true);
        if (!File.Exists(keys.LedgerKeyFile)) state.Write(keys.LedgerKeyFile, RandomNumberGenerator.GetHexString(64, lowercase: true) + "\n", secret: true);
        keys.MakeMissing();
        keys.SignRegister(cast);
        return keys;
    }

    /// <summary>Signs a register with two of three root keys and puts it where publisher and verifier read it, each its own copy.</summary>
    public void SignRegister(AgencyRegister register) => WithHolders(holders =>
    {
        var roots = Text(PinnedRoots.Write(holders.Select(h => h.Key), RootCeremony.Threshold));
        var document = Text(RootCeremony.Sign(register.ToJson(), holders.Take(RootCeremony.Threshold)));
        foreach (var file in new[] { RegisterRootsFile, VerifierRootsFile }) state.Write(file, roots);
        foreach (var file in new[] { RegisterFile, VerifierRegisterFile }) state.Write(file, document);
    });

    /// <summary>Signs a root with two of three; a rotation passes the next version after replacing online keys.</summary>
    /// <param name="list">The list.</param>
    /// <param name="version">1 for the first.</param>
    /// <param name="withVerifier">False for a root as it was before there was a verifier: the publisher signs targets alone.</param>
    public void SignRoot(string list, int version, bool withVerifier = true) => WithHolders(holders =>
    {
        using var verifier = FileSigner.Open(VerifierKeyFile(list), File.ReadLines(VerifierPassphraseFile).First());
        var online = OnlineKeys.Roles.ToDictionary(role => role, role =>
        {
            using var key = FileSigner.Open(OnlineKeys.PathOf(OnlineFolder, list, role), Passphrase());
            return key.Key;
        }, StringComparer.Ordinal);
        var root = RootCeremony.SignRoot(list, Deployment, version, clock.GetUtcNow(), [.. holders.Select(h => h.Key)], online, withVerifier ? verifier.Key : null, holders.Take(RootCeremony.Threshold));
        state.Write(RootFile(list, version), Text(root));
    });

    /// <summary>Replaces one online key of a list, as after a theft.</summary>
    public void ReplaceOnlineKey(string list, string role)
    {
        File.Delete(OnlineKeys.PathOf(OnlineFolder, list, role));
        MakeMissing();
    }

    /// <summary>Replaces the verifier's key of a list.</summary>
    public void ReplaceVerifierKey(string list)
    {
        File.Delete(VerifierKeyFile(list));
        MakeMissing();
    }

    private string VerifierKeyFile(string list) => OnlineKeys.PathOf(Path.Combine(VerifierFolder, "keys"), list, Format.Tuf.RoleName.Targets);

    /// <summary>The <c>allowed_signers</c> file of a list's manifest key.</summary>
    public string AllowedSigners(string list)
    {
        using var key = FileSigner.Open(OnlineKeys.PathOf(OnlineFolder, list, OnlineKeys.ManifestRole), Passphrase());
        return key.AllowedSigner(list, Format.Lists.Manifest.SshNamespace);
    }

    public AgencyRegister ComposeRegister(DemoCast cast, int version) => new()
    {
        Version = version,
        Deployment = Deployment,
        Issued = clock.GetUtcNow(),
        RelyingParty = RelyingParty,
        Agencies = DemoCast.Agencies.ToDictionary(a => a.Id, StringComparer.Ordinal),
        Credentials = cast.All.Select(p => p.Credential()).ToDictionary(c => c.Id, StringComparer.Ordinal),
        Lists = new[]
        {
            new RegisteredList
            {
                Id = WorstOf,
                AgenciesNeeded = 2,
                CountriesNeeded = 2,
                LeaseMonths = 3,
                Criteria = [CriteriaTexts.Accept(CriteriaTexts.WorstOf1, 1)],
            },
            new RegisteredList
            {
                Id = NoNational,
                AgenciesNeeded = 1,
                CountriesNeeded = 1,
                LeaseMonths = 6,
                Country = "NO",
                Criteria = [CriteriaTexts.Accept(CriteriaTexts.NoNational1, 1)],
            },
            new RegisteredList { Id = EnforcementTest, TestDomain = Name("enforcement-test.example") },
        }.ToDictionary(l => l.Id, StringComparer.Ordinal),
    };

    /// <summary>A register counts up only, so a changed cast needs the next version; an unchanged one keeps its document.</summary>
    private void SignRegister(DemoCast cast)
    {
        if (!File.Exists(RegisterFile))
        {
            SignRegister(ComposeRegister(cast, 1));
            return;
        }
        var known = JsonDocument.Parse(File.ReadAllBytes(RegisterFile)).RootElement.GetProperty("signed");
        var version = known.GetProperty("version").GetInt32();
        var wanted = ComposeRegister(cast, version) with { Issued = known.GetProperty("issued").GetDateTimeOffset() };
        if (!JsonElement.DeepEquals(JsonDocument.Parse(wanted.ToJson().ToJsonString()).RootElement, known)) SignRegister(ComposeRegister(cast, version + 1));
    }

    private void MakeMissing()
    {
        foreach (var holder in Holders) MakeKey(Path.Combine(state.Directory("offline"), holder + ".p8"));
        foreach (var list in Lists)
        {
            state.Directory("keys", list);
            foreach (var role in OnlineKeys.Roles) MakeKey(OnlineKeys.PathOf(OnlineFolder, list, role));
            state.Directory("verifier", "keys", list);
            MakeKey(VerifierKeyFile(list), File.ReadLines(VerifierPassphraseFile).First());
            var certificateFile = OnlineKeys.CertificatePathOf(OnlineFolder, list);
            if (!File.Exists(certificateFile))
            {
                using var manifest = FileSigner.Open(OnlineKeys.PathOf(OnlineFolder, list, OnlineKeys.ManifestRole), Passphrase());
                using var certificate = manifest.CreateCertificate($"{list} manifest", clock.GetUtcNow().AddMinutes(-5), clock.GetUtcNow().AddYears(1));
                state.Write(certificateFile, certificate.ExportCertificatePem() + "\n");
            }
            if (!File.Exists(RootFile(list))) SignRoot(list, 1);
        }
    }

    private void MakeKey(string path, string? passphrase = null)
    {
        if (File.Exists(path)) return;
        using var key = FileSigner.Create(path, passphrase ?? Passphrase(), Iterations);
        state.User.Own(path);
    }

    private void WithHolders(Action<IReadOnlyList<ISigner>> use)
    {
        var holders = Holders.Select(h => FileSigner.Open(Path.Combine(state.Directory("offline"), h + ".p8"), Passphrase())).ToArray();
        try
        {
            use(holders);
        }
        finally
        {
            foreach (var holder in holders) holder.Dispose();
        }
    }

    private string Passphrase() => File.ReadLines(PassphraseFile).First();

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);

    private static DomainName Name(string text) => DomainName.TryParseCanonical(text, out var name) ? name : throw new ArgumentException("no name", nameof(text));
}
