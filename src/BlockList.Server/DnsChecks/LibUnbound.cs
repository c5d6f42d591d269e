using System.Runtime.InteropServices;

namespace BlockList.Server.DnsChecks;

/// <summary>libunbound 1.17 and later as unbound.h declares it (Debian's <c>libunbound8</c>).</summary>
internal static unsafe partial class LibUnbound
{
    private const string Library = "libunbound.so.8";

    /// <summary><c>struct ub_result</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Result
    {
        public byte* QName;
        public int QType;
        public int QClass;
        /// <summary>Ends with a null.</summary>
        public byte** Data;
        public int* Lengths;
        public byte* CanonicalName;
        public int RCode;
        public byte* AnswerPacket;
        public int AnswerLength;
        public int HaveData;
        public int NxDomain;
        public int Secure;
        public int Bogus;
        public byte* WhyBogus;
        public int WasRateLimited;
        public int Ttl;
    }

    [LibraryImport(Library, EntryPoint = "ub_ctx_create")]
    public static partial UnboundHandle Create();

    [LibraryImport(Library, EntryPoint = "ub_ctx_delete")]
    public static partial void Delete(nint context);

    [LibraryImport(Library, EntryPoint = "ub_ctx_set_option", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetOption(UnboundHandle context, string option, string value);

    [LibraryImport(Library, EntryPoint = "ub_ctx_set_stub", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetStub(UnboundHandle context, string zone, string address, int isPrime);

    [LibraryImport(Library, EntryPoint = "ub_ctx_add_ta_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddTrustAnchorFile(UnboundHandle context, string file);

    /// <summary>Null: nowhere.</summary>
    [LibraryImport(Library, EntryPoint = "ub_ctx_debugout")]
    public static partial int SetLog(UnboundHandle context, nint file);

    /// <summary>1: a thread, and not a fork, works in the background.</summary>
    [LibraryImport(Library, EntryPoint = "ub_ctx_async")]
    public static partial int UseThread(UnboundHandle context, int isThread);

    [LibraryImport(Library, EntryPoint = "ub_resolve_async", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ResolveAsync(UnboundHandle context, string name, int type, int @class, nint data,
        delegate* unmanaged[Cdecl]<nint, int, Result*, void> callback, int* id);

    [LibraryImport(Library, EntryPoint = "ub_cancel")]
    public static partial int Cancel(UnboundHandle context, int id);

    [LibraryImport(Library, EntryPoint = "ub_fd")]
    public static partial int FileDescriptor(UnboundHandle context);

    [LibraryImport(Library, EntryPoint = "ub_process")]
    public static partial int Process(UnboundHandle context);

    [LibraryImport(Library, EntryPoint = "ub_resolve_free")]
    public static partial void Free(Result* result);

    [LibraryImport(Library, EntryPoint = "ub_strerror")]
    private static partial nint ErrorText(int error);

    public static string Explain(int error) => Marshal.PtrToStringUTF8(ErrorText(error)) ?? $"error {error}";
}
