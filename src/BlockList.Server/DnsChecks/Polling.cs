using System.Runtime.InteropServices;

namespace BlockList.Server.DnsChecks;

/// <summary>poll(2), and an eventfd(2) to end it with.</summary>
internal static unsafe partial class Polling
{
    public const short Readable = 1;
    public const int CloseOnExec = 0x80000;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Watched
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Watched* watched, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ulong* value, nuint octets);

    public static void Wake(int eventDescriptor)
    {
        ulong one = 1;
        _ = Write(eventDescriptor, &one, sizeof(ulong));
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);
}
