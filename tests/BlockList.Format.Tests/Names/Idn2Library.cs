using System.Runtime.InteropServices;

namespace BlockList.Format.Tests.Names;

/// <summary>
/// libidn2 as the program idn2 calls it. The program stops at the first name it refuses, so a hundred thousand names go
/// to the library itself.
/// </summary>
internal static partial class Idn2Library
{
    private const string Library = "libidn2.so.0";

    // IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL, of idn2.h.
    private const int AsTheProgram = 1 | 8;

    internal static void Require()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
            Prerequisite.Missing($"The library {Library} is missing; install the package libidn2-0.");
    }

    /// <summary>Null if the library refuses the name.</summary>
    internal static string? ToAscii(string name)
    {
        var code = Lookup(name, out var result, AsTheProgram);
        if (code != 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(result);
        }
        finally
        {
            Free(result);
        }
    }

    [LibraryImport(Library, EntryPoint = "idn2_lookup_u8", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Lookup(string name, out nint result, int flags);

    [LibraryImport(Library, EntryPoint = "idn2_free")]
    private static partial void Free(nint memory);
}
