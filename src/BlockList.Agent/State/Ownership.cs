using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BlockList.Agent.State;

/// <summary>
/// What root writes here belongs to whom the directory belongs. The service has a user of its own, and people run
/// commands by hand as root: one file of root's among its own would stop the service.
/// </summary>
internal static partial class Ownership
{
    private const int FromWorkingDirectory = -100;
    private const uint Owners = 0x18;

    public static void Follow(string path) => Give(path, Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <summary>Gives <paramref name="path"/> the owner and group of <paramref name="like"/>. Does nothing for other users than root.</summary>
    public static void Give(string path, string like)
    {
        if (!Environment.IsPrivilegedProcess) return;
        if (Stat(FromWorkingDirectory, like, 0, Owners, out var facts) != 0 || Change(path, facts.User, facts.Group) != 0)
            throw new IOException($"{path} could not be given to the owner of {like}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int directory, string path, int flags, uint mask, out Facts facts);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Change(string path, uint user, uint group);

    /// <summary>The part of <c>struct statx</c> that is read; its layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Facts
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;
    }
}
