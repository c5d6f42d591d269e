using System.Runtime.InteropServices;

namespace BlockList.Tools.Development;

/// <summary>The few system calls that the class library does not offer. Blittable arguments only, so no marshalling.</summary>
internal static class Libc
{
    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern uint EffectiveGroup();

    /// <summary>A negative <paramref name="process"/> means every member of that process group.</summary>
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Kill(int process, int signal);

    /// <summary>Changes the owner of the link itself, never of what a link points to. The path is UTF-8 and ends with a zero byte.</summary>
    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int ChangeOwner(byte[] path, uint user, uint group);
}
