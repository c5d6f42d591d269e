using System.Text;
using System.Text.Json;
using BlockList.Format.Json;
using BlockList.Format.Lists;
using BlockList.Format.Rpz;
using BlockList.Format.Signatures;
using BlockList.Format.Statements;
using BlockList.Format.Tests.Fixtures;
using BlockList.Format.Tuf;

namespace BlockList.Format.Tests.Golden;

/// <summary>Reads golden files as the index says and gives its own verdict.</summary>
/// <param name="locate">Where a file of the index lies.</param>
internal sealed class VectorReader(Func<string, string> locate)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    internal string VerdictOn(Vector vector)
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
    private string? Read(Vector vector)
    {
        switch (vector.ReadAs)
        {
            case "json":
                var canonical = CanonicalJson.Encode(CanonicalJson.Parse(Bytes(vector.Files[0])));
                return canonical.AsSpan().SequenceEqual(Bytes(Vector.CanonicalOf(vector.Files[0]))) ? null : "other canonical bytes";
            case "statement":
                return DecisionStatement.Parse(Bytes(vector.Files[0])).ToCanonicalBytes().AsSpan().SequenceEqual(Bytes(vector.Files[0])) ? null : "printed otherwise";
            case "list":
                return ListFile.Parse(Bytes(vector.Files[0])).ToBytes().AsSpan().SequenceEqual(Bytes(vector.Files[0])) ? null : "printed otherwise";
            case "step":
                var delta = Delta.Parse(Bytes(vector.Files[1]));
                return Hashes.Sha256(delta.ApplyTo(ListFile.Parse(Bytes(vector.Files[0]))).ToBytes()) == delta.ToSha256 ? null : "another list than to-sha256 names";
            case "zone":
                var enforced = RpzZone.Read(new MemoryStream(Bytes(vector.Files[0]))).Enforced;
                return enforced.ToBytes().AsSpan().SequenceEqual(Bytes(vector.Files[1])) ? null : "another list";
            case "register":
                _ = AgencyRegister.Open(Bytes(vector.Files[1]), Roots(Bytes(vector.Files[0]), out var keys), keys);
                return null;
            case "assertion":
                return ReadAssertion(JsonDocument.Parse(Bytes(vector.Files[0])).RootElement, [.. vector.Files.Skip(1).Select(Bytes)]);
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
    private void ReadMetadata(Vector vector)
    {
        TrustedMetadata? client = null;
        for (var i = 0; i < vector.Files.Count; i++)
        {
            var bytes = Bytes(vector.Files[i]);
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
        var assertion = new Assertion(Convert.FromHexString(Text("authenticator_data")), Encoding.UTF8.GetBytes(Text("client_data")), Convert.FromHexString(Text("signature")));
        return assertion.FindProblem(challenge, new RelyingParty(Text("relying_party"), Text("origin")), Convert.FromBase64String(Text("public")));

        string Text(string field) => json.GetProperty(field).GetString()!;
    }

    private string? ReadSshSignature(Vector vector)
    {
        var program = Prerequisite.Program("ssh-keygen", "openssh-client");
        string[] arguments = ["-Y", "verify", "-f", locate(vector.Files[2]), "-I", "publisher", "-n", Manifest.SshNamespace, "-s", locate(vector.Files[1])];
        return RunProgram.Run(program, arguments, Bytes(vector.Files[0])).ExitCode == 0 ? null : "ssh-keygen does not verify it";
    }

    private static RoleKeys Roots(byte[] pinned, out Dictionary<string, VerificationKey> keys)
    {
        var json = CanonicalJson.Parse(pinned);
        keys = json.GetProperty("keys").EnumerateArray().Select(VerificationKey.Parse).ToDictionary(k => k.KeyId, StringComparer.Ordinal);
        return new RoleKeys([.. keys.Keys], json.GetProperty("threshold").GetInt32());
    }

    private byte[] Bytes(string file) => File.ReadAllBytes(locate(file));
}
