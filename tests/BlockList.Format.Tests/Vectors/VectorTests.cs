using System.Text.Json;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;
using Xunit;

namespace BlockList.Format.Tests.Vectors;

/// <summary>The golden files: what this reader says of each is what the index says of it.</summary>
public sealed class VectorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string> Rows => [.. Vector.All.Select(v => (string.Join(' ', v.Files), v.ReadAs))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_file_gets_the_verdict_of_the_index(string files, string readAs)
    {
        var vector = Vector.All.Single(v => v.ReadAs == readAs && string.Join(' ', v.Files) == files);
        var verdict = VerdictOn(vector);
        if (vector.Verdict == "accepted") Assert.Equal("accepted", verdict);
        else Assert.StartsWith(vector.Verdict, verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void The_index_names_every_file_and_nothing_else()
    {
        var named = Vector.All.SelectMany(v => v.Files).Concat(Vector.All.Where(v => v is { ReadAs: "json", Verdict: "accepted" }).Select(v => Canonical(v.Files[0])));
        var present = Directory.EnumerateFiles(Vector.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Vector.Folder, f))
            .Where(f => f is not ("README.md" or "index.tsv" or ".gitattributes"));
        Assert.Equal(present.Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
        Assert.All(Vector.All, v => Assert.True(v.Verdict == "accepted" || v.Verdict.StartsWith("refused: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_private_key_is_among_them() => Assert.All(
        Directory.EnumerateFiles(Vector.Folder, "*", SearchOption.AllDirectories),
        file => Assert.DoesNotContain("PRIVATE", File.ReadAllText(file), StringComparison.Ordinal));

    private static string VerdictOn(Vector vector)
    {
        try
        {
            return Read(vector) is { } problem ? "refused: " + problem : "accepted";
        }
        catch (MalformedDocumentException problem)
        {
            return "refused: " + problem.Message;
        }
        catch (RefusedException problem)
        {
            return $"refused: {problem.Reason}: {problem.Message}";
        }
    }

    /// <summary>Reads the files of a row; gives what is wrong, or null.</summary>
    private static string? Read(Vector vector)
    {
        switch (vector.ReadAs)
        {
            case "json":
                var canonical = CanonicalJson.Encode(CanonicalJson.Parse(vector.Read(0)));
                return canonical.AsSpan().SequenceEqual(Vector.Read(Canonical(vector.Files[0]))) ? null : "other canonical bytes";
            case "statement":
                return DecisionStatement.Parse(vector.Read(0)).ToCanonicalBytes().AsSpan().SequenceEqual(vector.Read(0)) ? null : "printed otherwise";
            case "list":
                return ListFile.Parse(vector.Read(0)).ToBytes().AsSpan().SequenceEqual(vector.Read(0)) ? null : "printed otherwise";
            case "step":
                var delta = Delta.Parse(vector.Read(1));
                return Hashes.Sha256(delta.ApplyTo(ListFile.Parse(vector.Read(0))).ToBytes()) == delta.ToSha256 ? null : "another list than to-sha256 names";
            case "zone":
                var enforced = RpzZone.Read(new MemoryStream(vector.Read(0))).Enforced;
                return enforced.ToBytes().AsSpan().SequenceEqual(vector.Read(1)) ? null : "another list";
            case "register":
                _ = AgencyRegister.Open(vector.Read(1), Roots(vector.Read(0), out var keys), keys);
                return null;
            case "assertion":
                return ReadAssertion(JsonDocument.Parse(vector.Read(0)).RootElement, [.. vector.Files.Skip(1).Select(Vector.Read)]);
            case "sshsig":
                return ReadSshSignature(vector);
            case "tuf":
                ReadMetadata(vector);
                return null;
            default:
                throw new InvalidOperationException($"nothing is read as {vector.ReadAs}");
        }
    }

    /// <summary>All documents but the last are honest: a refusal of one of them is a defect of the vectors.</summary>
    private static void ReadMetadata(Vector vector)
    {
        TrustedMetadata? client = null;
        for (var i = 0; i < vector.Files.Count; i++)
        {
            var bytes = vector.Read(i);
            try
            {
                Take(ref client, vector.Files[i], bytes);
            }
            catch (RefusedException problem) when (i < vector.Files.Count - 1)
            {
                throw new InvalidOperationException($"{vector.Files[i]}: {problem.Message}", problem);
            }
        }
    }

    private static void Take(ref TrustedMetadata? client, string file, byte[] bytes)
    {
        if (client is null) client = new TrustedMetadata(bytes, Now);
        else if (file.EndsWith("root.json", StringComparison.Ordinal)) client.UpdateRoot(bytes);
        else if (file.EndsWith("timestamp.json", StringComparison.Ordinal))
        {
            client.UpdateTimestamp(bytes);
            client.RequireFreshTimestamp();
        }
        else if (file.EndsWith("remembered-snapshot.json", StringComparison.Ordinal)) client.UpdateSnapshot(bytes, remembered: true);
        else if (file.EndsWith("snapshot.json", StringComparison.Ordinal)) client.UpdateSnapshot(bytes);
        else client.UpdateTargets(bytes);
    }

    private static string? ReadAssertion(JsonElement json, byte[][] statements)
    {
        var nonce = Convert.FromHexString(Text("nonce"));
        var challenge = statements.Length == 1 ? DecisionChallenge.ForStatement(nonce, statements[0]) : DecisionChallenge.ForBatch(nonce, MerkleTree.Root(statements));
        var assertion = new Assertion(Convert.FromHexString(Text("authenticator_data")), System.Text.Encoding.UTF8.GetBytes(Text("client_data")), Convert.FromHexString(Text("signature")));
        return assertion.FindProblem(challenge, new RelyingParty(Text("relying_party"), Text("origin")), Convert.FromBase64String(Text("public")));

        string Text(string field) => json.GetProperty(field).GetString()!;
    }

    private static string? ReadSshSignature(Vector vector)
    {
        var program = Prerequisite.Program("ssh-keygen", "openssh-client");
        string[] arguments = ["-Y", "verify", "-f", Path.Combine(Vector.Folder, vector.Files[2]), "-I", "publisher", "-n", Manifest.SshNamespace, "-s", Path.Combine(Vector.Folder, vector.Files[1])];
        return RunProgram.Run(program, arguments, vector.Read(0)).ExitCode == 0 ? null : "ssh-keygen does not verify it";
    }

    private static RoleKeys Roots(byte[] pinned, out Dictionary<string, VerificationKey> keys)
    {
        var json = CanonicalJson.Parse(pinned);
        keys = json.GetProperty("keys").EnumerateArray().Select(VerificationKey.Parse).ToDictionary(k => k.KeyId, StringComparer.Ordinal);
        return new RoleKeys([.. keys.Keys], json.GetProperty("threshold").GetInt32());
    }

    private static string Canonical(string file) => Path.ChangeExtension(file, ".canonical");
}
