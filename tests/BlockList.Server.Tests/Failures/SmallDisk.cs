using BlockList.Tools.Development;

namespace BlockList.Server.Tests.Failures;

/// <summary>A file system in memory, as small as it is made; only root can mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string folder;

    private SmallDisk(string folder) => this.folder = folder;

    private string Ballast => Path.Combine(folder, "ballast");

    /// <summary>Null, and why, where it cannot be mounted.</summary>
    public static (SmallDisk? Disk, string? WhyNot) Mount(string folder, int megabytes, UnprivilegedUser owner)
    {
        var mounted = Subprocess.Run("/usr/bin/mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700,uid={owner.UserId},gid={owner.GroupId}", "blocklist-test", folder);
        return mounted.ExitCode == 0 ? (new SmallDisk(folder), null) : (null, $"A tmpfs cannot be mounted here ({mounted.Errors.Trim()}): run as root, with the right to mount.");
    }

    /// <summary>Takes all that is left, to the last block.</summary>
    public void Fill()
    {
        var zeros = new byte[64 * 1024];
        try
        {
            using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            while (true) ballast.Write(zeros);
        }
        catch (IOException)
        {
            // There is no room left.
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose() => Subprocess.Run("/usr/bin/umount", "--lazy", folder);
}
