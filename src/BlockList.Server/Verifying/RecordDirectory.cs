using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BlockList.Server.Verifying;

/// <summary>A new file, or a renamed one, is on the disk only when its directory is (fsync(2)).</summary>
internal static partial class RecordDirectory
{
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <exception cref="IOException">The disk does not take it.</exception>
    public static void Sync(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var descriptor = Open(directory, ReadOnlyCloseOnExec);
        var result = descriptor < 0 ? -1 : Fsync(descriptor);
        var problem = result == 0 ? null : new Win32Exception(Marshal.GetLastPInvokeError()).Message;
        if (descriptor >= 0) _ = Close(descriptor);
        if (problem is not null) throw new IOException($"{directory} could not be forced to the disk: {problem}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
