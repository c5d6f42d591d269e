using System.CommandLine;
using BlockList.Server.Publishing;
using BlockList.Server.Publishing.Ledger;
using BlockList.Server.Publishing.Rebuilding;

namespace BlockList.Server.Roles;

/// <summary><c>blocklist rebuild --list worst-of --version 12</c>: whether a past version follows from the decisions, for whoever asks.</summary>
internal static class RebuildCommand
{
    private const int Differs = 4;

    public static Command Create()
    {
        var list = new Option<string>("--list") { Description = "The list, for example worst-of", Required = true };
        var version = new Option<int>("--version") { Description = "Number of the version", Required = true };
        var to = new Option<DirectoryInfo?>("--to") { Description = "Folder to write the files to; without it they are only compared" };
        return RoleCommand.Create("rebuild", "Computes a past version again from the ledger and compares it with what was published. Under the publisher's login.", (services, _) => services.AddPublishing(),
            (parsed, services, cancellationToken) => RunAsync(services.GetRequiredService<RebuildVersion>(), parsed.GetRequiredValue(list), parsed.GetRequiredValue(version), parsed.GetValue(to), cancellationToken), list, version, to);
    }

    private static async Task<int> RunAsync(RebuildVersion rebuild, string list, int version, DirectoryInfo? to, CancellationToken cancellationToken)
    {
        try
        {
            var files = await rebuild.RunAsync(list, version, cancellationToken) ?? throw new RoleException($"There is no version {version} of {list}. \"select list, serial from publishing.version\" shows those that there are.");
            foreach (var file in files) await WriteAsync(file, to, cancellationToken);
            foreach (var file in files) Console.WriteLine($"{Format.Hashes.Sha256(file.Content)}  {file.Path}  {Words(file.Outcome)}");
            if (files.All(file => file.Outcome != RebuiltFile.Comparison.Different)) return 0;
            await Console.Error.WriteLineAsync($"Version {version} of {list} is not what its inputs give. Either publishing.version, publishing.file or the register's copies were changed after it was published, or it was published by another program. Compare publishing.* with a backup from before, and the served files with a provider's; until you know, treat the publisher's login and keys as stolen.");
            return Differs;
        }
        catch (RebuildException problem)
        {
            throw new RoleException(problem.Message);
        }
        catch (LedgerBrokenException problem)
        {
            throw new RoleException(problem.Message, exitCode: Differs);
        }
    }

    private static string Words(RebuiltFile.Comparison outcome) => outcome switch
    {
        RebuiltFile.Comparison.Equal => "equal",
        RebuiltFile.Comparison.NotPublished => "was not published: it is longer than is offered",
        _ => "DIFFERENT",
    };

    private static async Task WriteAsync(RebuiltFile file, DirectoryInfo? to, CancellationToken cancellationToken)
    {
        if (to is null) return;
        var path = Path.Combine(to.FullName, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, file.Content, cancellationToken);
    }
}
