using System.ComponentModel;
using System.Runtime.InteropServices;
using BlockList.Format;

namespace BlockList.Agent.State;

/// <summary>
/// Files that are whole after a crash: written beside their place, forced to the disk, then renamed over it, and the
/// directory forced too. Whoever opens the path sees the old bytes or the new ones.
/// </summary>
internal static partial class DurableFile
{
    /// <summary>Read and write for the agent's own user only.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Read by everyone: a resolver runs as another user.</summary>
    public const UnixFileMode Shared = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode PrivateDirectory = Private | UnixFileMode.UserExecute;
    private const string TemporarySuffix = ".new";
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>022: no mode here gives more than that to anybody.</summary>
    private const uint UsualMask = 0b000_010_010;

    /// <summary>The one temporary name beside <paramref name="path"/>: a crash leaves one file at most, and the next run writes over it.</summary>
    public static string TemporaryOf(string path) => path + TemporarySuffix;

    public static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode = Private)
    {
        var temporary = TemporaryOf(path);
        using (var file = Create(temporary, mode))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        // A crash here leaves the temporary file; the path has its old content.
        FaultPoint.Reach(FaultPoints.FileWritten);
        MoveOver(temporary, path);
    }

    /// <summary>Opens a new file for writing; one that a crash left there is removed first, its mode with it.</summary>
    public static FileStream Create(string path, UnixFileMode mode)
    {
        File.Delete(path);
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
            BufferSize = 64 * 1024,
        });
        Ownership.Follow(path);
        return file;
    }

    /// <summary>Renames a file that is on the disk already over <paramref name="path"/>.</summary>
    public static void MoveOver(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        SyncDirectoryOf(path);
    }

    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        File.Delete(path);
        SyncDirectoryOf(path);
    }

    /// <summary>The bytes, or null where there is no such file.</summary>
    public static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public static void CreateDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        Directory.CreateDirectory(path, PrivateDirectory);
        Ownership.Follow(path);
    }

    /// <summary>Makes modes mean what they say, whatever umask the caller has: a stricter one would keep the resolver out. Set once for the
    /// whole program; to change modes afterwards would follow a link that somebody put there in between.</summary>
    public static void UseUsualMask() => _ = SetMask(UsualMask);

    /// <summary>A rename or removal is on the disk only when its directory is (fsync(2)).</summary>
    private static void SyncDirectoryOf(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var descriptor = Open(directory, ReadOnlyCloseOnExec);
        if (descriptor < 0) throw Failed(directory);
        var result = Sync(descriptor);
        var problem = result == 0 ? null : Failed(directory);
        _ = Close(descriptor);
        if (problem is not null) throw problem;
    }

    private static IOException Failed(string directory) =>
        new($"{directory} could not be forced to the disk: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
