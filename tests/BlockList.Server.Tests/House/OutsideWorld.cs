using System.Reflection;

namespace BlockList.Server.Tests.House;

/// <summary>What makes a result depend on more than its arguments: clocks, network, files, databases.</summary>
internal static class OutsideWorld
{
    private static readonly string[] Namespaces =
    [
        "System.Data", "System.Net", "System.IO.Pipes", "System.IO.MemoryMappedFiles",
        "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Npgsql",
    ];

    private static readonly Type[] Types =
    [
        typeof(TimeProvider), typeof(System.Diagnostics.Stopwatch), typeof(Timer), typeof(PeriodicTimer),
        typeof(File), typeof(FileInfo), typeof(FileStream), typeof(Directory), typeof(DirectoryInfo), typeof(RandomAccess),
    ];

    private static readonly (Type Type, string Member)[] Members =
    [
        (typeof(DateTime), "get_UtcNow"), (typeof(DateTime), "get_Now"), (typeof(DateTime), "get_Today"),
        (typeof(DateTimeOffset), "get_UtcNow"), (typeof(DateTimeOffset), "get_Now"),
        (typeof(Environment), "get_TickCount"), (typeof(Environment), "get_TickCount64"),
    ];

    /// <summary>An address as a value is no network.</summary>
    private static readonly Type[] Values = [typeof(System.Net.IPAddress)];

    /// <summary>One sentence for each use that code of an assembly makes of it.</summary>
    public static IReadOnlyList<string> UsesIn(Assembly assembly)
    {
        var types = CompiledCode.UsesOf(assembly).Where(use => IsOutside(use.Used)).Select(use => $"{use.User.FullName} uses {use.Used.FullName}");
        var members = CompiledCode.CallsOf(assembly).Where(call => Members.Contains((call.Called.DeclaringType!, call.Called.Name)))
            .Select(call => $"{call.User.FullName} calls {call.Called.DeclaringType!.FullName}.{call.Called.Name}");
        return [.. types.Concat(members).Distinct().Order(StringComparer.Ordinal)];
    }

    private static bool IsOutside(Type type) => Types.Contains(type)
        || (!Values.Contains(type) && Namespaces.Any(outside => type.Namespace == outside || type.Namespace?.StartsWith(outside + ".", StringComparison.Ordinal) == true));
}
