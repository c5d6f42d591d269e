using System.CommandLine;
using System.Security.Cryptography;
using BlockList.Format;
using BlockList.Format.Json;
using BlockList.Format.Signatures;
using BlockList.Format.Tuf;
using BlockList.Server.Signing;

namespace BlockList.Server.Roles;

/// <summary><c>blocklist approve</c>: an approver's word to the agents that one step may be as large as it is. Needs no database: it
/// runs where the approver's key is.</summary>
internal static class ApproveCommand
{
    public static Command Create()
    {
        var root = new Option<FileInfo>("--root") { Description = "N.root.json of the list; it names the approvers", Required = true };
        var list = new Option<string>("--list") { Description = "The list", Required = true };
        var version = new Option<int>("--version") { Description = "The version that the step leads to", Required = true };
        var from = new Option<string>("--from") { Description = "SHA-256 of the list before", Required = true };
        var to = new Option<string>("--to") { Description = "SHA-256 of the list after", Required = true };
        var key = new Option<FileInfo>("--key") { Description = "The approver's key, encrypted PKCS#8", Required = true };
        var passphrase = new Option<FileInfo>("--passphrase-file") { Description = "Its first line opens the key", Required = true };
        var command = new Command("approve", "Signs that one held version may change as much as it does, for the providers' agents. Paste what it prints on the page of the held version.")
        {
            root, list, version, from, to, key, passphrase,
        };
        command.SetAction((parsed, _) => RoleCommand.GuardAsync(() =>
        {
            Console.WriteLine(Approve(parsed.GetRequiredValue(root), parsed.GetRequiredValue(list), parsed.GetRequiredValue(version), parsed.GetRequiredValue(from), parsed.GetRequiredValue(to),
                parsed.GetRequiredValue(key), parsed.GetRequiredValue(passphrase)));
            return Task.FromResult(0);
        }));
        return command;
    }

    private static string Approve(FileInfo rootFile, string list, int version, string from, string to, FileInfo key, FileInfo passphrase)
    {
        foreach (var file in new[] { rootFile, key, passphrase })
            if (!file.Exists) throw new RoleException($"There is no file {file.FullName}.");
        if (!Hashes.IsSha256(from) || !Hashes.IsSha256(to)) throw new RoleException("--from and --to are 64 lower-case hexadecimal digits each, as the page of the held version shows them.");
        if (!Serial.TryCreate(version, out var serial)) throw new RoleException("--version is the number that the page of the held version shows.");
        try
        {
            var root = RootDocument.Parse(SignedDocument.Parse(File.ReadAllBytes(rootFile.FullName)).Signed);
            if (root.List != list) throw new RoleException($"This root is of list {root.List}, not {list}.");
            using var signer = FileSigner.Open(key.FullName, File.ReadLines(passphrase.FullName).FirstOrDefault() ?? "");
            if (!root.ApproverKeys.ContainsKey(signer.Key.KeyId))
                throw new RoleException($"Root {root.Version} of list {list} does not name this key as an approver's: agents would not heed it. The root holders name approvers at a ceremony.", exitCode: 4);
            var statement = BulkApproval.Statement(root.Deployment, list, serial, from, to);
            return BulkApproval.Compose(statement, [new DocumentSignature(signer.Key.KeyId, signer.Sign(CanonicalJson.Encode(statement), DSASignatureFormat.Rfc3279DerSequence))]).Json.GetRawText();
        }
        catch (Exception problem) when (problem is MalformedDocumentException or SigningException)
        {
            throw new RoleException(problem.Message, exitCode: 4);
        }
    }
}
