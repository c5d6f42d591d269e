using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tests.Statements;
using BlockList.Format.Tuf;

namespace BlockList.Format.Tests.Golden;

/// <summary>
/// Writes the golden files that bear signatures, all of them, below a folder. The keys exist as long as it runs, so that
/// none can be committed.
/// </summary>
internal sealed class SignedVectors(string folder)
{
    private readonly SignedRepository repository = new();

    internal void Write()
    {
        WriteMetadata();
        WriteRegister();
        WriteAssertions();
        WriteManifest();
    }

    private void WriteMetadata()
    {
        var (list, delta) = (Vector.Read("list/after.txt"), Vector.Read("delta/1-2.txt"));
        var files = new Dictionary<string, TargetFile>
        {
            ["list.txt"] = TargetFile.To(list) with { Custom = Facts(list).ToJson() },
            ["delta/1-2.txt"] = TargetFile.To(delta),
        };
        var targets = Sign(new TargetsDocument(30, SignedRepository.Later, files).ToJson(), repository.TargetsKeys);
        var snapshot = repository.Snapshot(20, targets, 30);
        var root = repository.RootDocument();
        Write("tuf/1.root.json", repository.Root());
        Write("tuf/timestamp.json", repository.Timestamp(10, snapshot, 20));
        Write("tuf/snapshot.json", snapshot);
        Write("tuf/targets.json", targets);

        // Refused as timestamps.
        Write("tuf/older-timestamp.json", repository.Timestamp(9, snapshot, 20));
        Write("tuf/expired-timestamp.json", repository.Timestamp(11, snapshot, 20, expires: SignedRepository.Now));
        Write("tuf/part-of-a-second-timestamp.json", repository.Timestamp(11, snapshot, 20, change: t => t["expires"] = "2026-11-28T06:00:00.5Z"));
        Write("tuf/two-to-the-31-timestamp.json", repository.Timestamp(11, snapshot, 20, change: t => t["version"] = 1L << 31));
        Write("tuf/negative-length-timestamp.json", repository.Timestamp(11, snapshot, 20, change: t => t["meta"]!["snapshot.json"]!["length"] = -1));
        Write("tuf/other-type-timestamp.json", Sign(Changed(new TimestampDocument(11, SignedRepository.Later, MetadataReference.To(20, snapshot)).ToJson(), t => t["_type"] = "snapshot"), [repository.TimestampKey]));
        var timestamp = new TimestampDocument(11, SignedRepository.Later, MetadataReference.To(20, snapshot)).ToJson();
        Write("tuf/unsigned-timestamp.json", Sign(timestamp, []));
        Write("tuf/wrong-key-timestamp.json", Sign(timestamp, [repository.SnapshotKey]));
        Write("tuf/signed-twice-timestamp.json", Sign(timestamp, [repository.TimestampKey, repository.TimestampKey]));
        var changed = Encoding.UTF8.GetString(repository.Timestamp(11, snapshot, 20)).Replace("\"version\":11", "\"version\":12", StringComparison.Ordinal);
        Write("tuf/changed-timestamp.json", Encoding.UTF8.GetBytes(changed));

        // Mixed and matched: signed, and not what the document above names.
        Write("tuf/another-snapshot.json", repository.Snapshot(20, targets, 30, expires: SignedRepository.Later.AddDays(1)));
        Write("tuf/another-targets.json", repository.Targets(30));
        var older = repository.Snapshot(21, repository.Targets(29), 29);
        Write("tuf/older-targets/snapshot.json", older);
        Write("tuf/older-targets/timestamp.json", repository.Timestamp(11, older, 21));
        Write("tuf/remembered-snapshot.json", snapshot);

        // Below the threshold of two, or with content that no client may use, though every hash above fits.
        var document = new TargetsDocument(30, SignedRepository.Later, files).ToJson();
        WriteChain("one-signature", Sign(document, repository.TargetsKeys.Take(1)));
        WriteChain("delegations", repository.Targets(30, change: t => t["delegations"] = new JsonObject()));
        WriteChain("parent-folder", repository.Targets(30, change: t => t["targets"]!["../../etc/x"] = t["targets"]!["list.txt"]!.DeepClone()));
        WriteChain("absolute-path", repository.Targets(30, change: t => t["targets"]!["/etc/x"] = t["targets"]!["list.txt"]!.DeepClone()));
        WriteChain("expired", repository.Targets(30, expires: SignedRepository.Now));

        WriteRoots(root);
    }

    private void WriteRoots(RootDocument root)
    {
        var old = repository.RootKeys;
        var next = root with { Version = 2 };
        Write("tuf/one-signature-root.json", Sign(next.ToJson(), old.Take(1)));
        Write("tuf/other-list-root.json", Sign((next with { List = "enforcement-test" }).ToJson(), old));
        Write("tuf/other-deployment-root.json", Sign((next with { Deployment = "other" }).ToJson(), old));
        Write("tuf/skips-a-number-root.json", Sign((root with { Version = 3 }).ToJson(), old));
        Write("tuf/same-number-root.json", Sign(root.ToJson(), old));
        Write("tuf/key-under-another-id-root.json", Sign(Changed(next.ToJson(), r => r["keys"]![old[1].Id] = r["keys"]![old[0].Id]!.DeepClone()), old));
        Write("tuf/same-key-id-twice-root.json", Sign(Changed(next.ToJson(), r => r["roles"]!["root"]!["keyids"] = new JsonArray(old[0].Id, old[0].Id)), old));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var other = new JsonObject { ["keytype"] = "ecdsa", ["scheme"] = "ecdsa-sha2-nistp256", ["keyval"] = new JsonObject { ["public"] = p384.ExportSubjectPublicKeyInfoPem() + "\n" } };
        Write("tuf/other-curve-root.json", Sign(Changed(next.ToJson(), r => r["keys"]![Hashes.Sha256(CanonicalJson.Encode(other))] = other), old));

        repository.RootKeys = [new(), new(), new()];
        repository.TimestampKey = new();
        var replaced = repository.RootDocument(2).ToJson();
        Write("tuf/2.root.json", Sign(replaced, old.Concat(repository.RootKeys)));
        Write("tuf/new-keys-only-root.json", Sign(replaced, repository.RootKeys));
        Write("tuf/old-keys-only-root.json", Sign(replaced, old));
    }

    /// <summary>A timestamp and a snapshot of their own that name these targets, as the thief of both online keys could sign them.</summary>
    private void WriteChain(string name, byte[] targets)
    {
        var snapshot = repository.Snapshot(20, targets, 30);
        Write($"tuf/{name}/targets.json", targets);
        Write($"tuf/{name}/snapshot.json", snapshot);
        Write($"tuf/{name}/timestamp.json", repository.Timestamp(11, snapshot, 20));
    }

    private static ListFacts Facts(byte[] list) => new()
    {
        Deployment = SignedRepository.Deployment,
        List = SignedRepository.List,
        Version = Serial.Create(2),
        Count = ListFile.Parse(list).Count,
        PreviousSha256 = Hashes.Sha256(Vector.Read("list/before.txt")),
        PublishedAt = SignedRepository.Now,
        EvaluatedAt = SignedRepository.Now,
        LeaseMonths = 3,
        Added = 2,
        Removed = 1,
        Urgent = false,
        CriteriaVersion = 1,
        Salt = new string('0', 64),
    };

    private void WriteRegister()
    {
        var sample = new SampleRegister();
        var register = sample.Register.ToJson();
        Write("register/roots.json", CanonicalJson.Print(new JsonObject
        {
            ["keys"] = new JsonArray([.. sample.Holders.Select(h => JsonNode.Parse(h.Public.Json.GetRawText()))]),
            ["threshold"] = 2,
        }));
        Write("register/register.json", Sign(register, sample.Holders.Take(2)));
        Write("register/one-signature.json", Sign(register, sample.Holders.Take(1)));
        Write("register/stranger.json", Sign(register, [sample.Holders[0], new()]));
        Write("register/credential-without-agency.json", Sign(Changed(register, r => r["agencies"]!.AsArray().RemoveAt(0)), sample.Holders));
        Write("register/agency-twice.json", Sign(Changed(register, r => r["agencies"]!.AsArray().Add(r["agencies"]![0]!.DeepClone())), sample.Holders));
        Write("register/national-list.json", Sign(Changed(register, r => (r["lists"]![1]!["countries_needed"], r["lists"]![1]!["country"]) = (1, "NO")), sample.Holders));
        Write("register/country-null.json", Sign(Changed(register, r => r["lists"]![1]!["country"] = null), sample.Holders));
        Write("register/country-lower-case.json", Sign(Changed(register, r => (r["lists"]![1]!["countries_needed"], r["lists"]![1]!["country"]) = (1, "no")), sample.Holders));
        Write("register/country-and-two-countries.json", Sign(Changed(register, r => r["lists"]![1]!["country"] = "NO"), sample.Holders));
        Write("register/no-agencies-needed.json", Sign(Changed(register, r => r["lists"]![1]!["agencies_needed"] = 1L << 32), sample.Holders));
    }

    private void WriteAssertions()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var party = new RelyingParty("sign.operator.example", "https://sign.operator.example");
        byte[] nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        var one = DecisionChallenge.ForStatement(nonce, Vector.Read("statement/proposal.json"));
        byte[][] three = [Vector.Read("statement/proposal.json"), Vector.Read("statement/host.json"), Vector.Read("statement/sighting.json")];
        WriteOne("statement", Assertion.Create(key, one, party));
        WriteOne("batch", Assertion.Create(key, DecisionChallenge.ForBatch(nonce, MerkleTree.Root(three)), party));
        WriteOne("other-origin", Assertion.Create(key, one, party with { Origin = "https://sign.operator.example.evil.example" }));
        WriteOne("other-relying-party", Assertion.Create(key, one, party with { Id = "operator.example" }));
        byte[] unverified = [.. SHA256.HashData(Encoding.UTF8.GetBytes(party.Id)), 0x01, 0, 0, 0, 0];
        var clientData = Encoding.UTF8.GetBytes(
            $$"""{"type":"webauthn.get","challenge":"{{Base64Url.EncodeToString(one)}}","origin":"{{party.Origin}}","crossOrigin":false}""");
        byte[] covered = [.. unverified, .. SHA256.HashData(clientData)];
        WriteOne("person-not-verified", new Assertion(unverified, clientData, key.SignData(covered, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));

        void WriteOne(string name, Assertion assertion) => Write($"assertion/{name}.json", CanonicalJson.Print(new JsonObject
        {
            ["authenticator_data"] = Convert.ToHexStringLower(assertion.AuthenticatorData),
            ["client_data"] = Encoding.UTF8.GetString(assertion.ClientDataJson),
            ["nonce"] = Convert.ToHexStringLower(nonce),
            ["origin"] = party.Origin,
            ["public"] = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
            ["relying_party"] = party.Id,
            ["signature"] = Convert.ToHexStringLower(assertion.Signature),
        }));
    }

    private void WriteManifest()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var list = Vector.Read("list/after.txt");
        var manifest = new Manifest("worst-of", Serial.Create(2), ListFile.Parse(list).Count, Hashes.Sha256(list), SignedRepository.Now, SignedRepository.Now.AddYears(1)).ToBytes();
        Write("manifest/manifest.txt", manifest);
        Write("manifest/changed.txt", [.. manifest.AsSpan(0, manifest.Length - 2), (byte)'0', (byte)'\n']);
        Write("manifest/allowed_signers", Encoding.ASCII.GetBytes(SshSignature.AllowedSigner("publisher", key, Manifest.SshNamespace)));
        foreach (var (file, name) in new[] { ("manifest.txt.sshsig", Manifest.SshNamespace), ("other-namespace.sshsig", "file") })
            Write($"manifest/{file}", Encoding.ASCII.GetBytes(SshSignature.Armour(key, name, key.SignData(SshSignature.BytesToSign(name, manifest), HashAlgorithmName.SHA256))));
    }

    private static byte[] Sign(JsonObject signed, IEnumerable<SigningKey> keys) => SignedRepository.Sign(signed, keys);

    private static JsonObject Changed(JsonObject json, Action<JsonObject> change)
    {
        var copy = json.DeepClone().AsObject();
        change(copy);
        return copy;
    }

    private void Write(string file, byte[] bytes)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
