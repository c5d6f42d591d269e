using System.Reflection;
using System.Text.RegularExpressions;
using BlockList.Server.Tests.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace BlockList.Server.Tests.House;

/// <summary>Finds what writes a table: statements in texts, sets of the context, and entities that are filled.</summary>
internal static partial class TableWrites
{
    private static readonly string[] Writes =
    [
        "Add", "AddAsync", "AddRange", "AddRangeAsync", "Remove", "RemoveRange", "Update", "UpdateRange", "Attach", "AttachRange",
        "ExecuteUpdate", "ExecuteUpdateAsync", "ExecuteDelete", "ExecuteDeleteAsync",
    ];

    /// <summary>"A module writes only its own PostgreSQL schema", which has the module's name.</summary>
    public static IReadOnlyList<string> OffendersIn(Assembly assembly, ArrowTable table, IModel model)
    {
        var tables = model.GetEntityTypes().ToDictionary(entity => entity.ClrType, entity => string.Join('.', MappedModel.RelationOf(entity).Schema, MappedModel.RelationOf(entity).Name));
        var inTexts = CompiledCode.TextsOf(assembly).SelectMany(text => Statement().Matches(text.Text).Select(match => (text.User, Table: match.Groups["table"].Value)));
        var inCalls = CompiledCode.CallsOf(assembly).SelectMany(call => WrittenBy(call.Called).Where(tables.ContainsKey).Select(entity => (call.User, Table: tables[entity])));
        return [.. inTexts.Concat(inCalls)
            .Where(write => table.ModuleOf(write.User) is { } module && !string.Equals(write.Table.Split('.')[0], module, StringComparison.OrdinalIgnoreCase))
            .Select(write => $"{table.NameOf(write.User)} writes {write.Table}").Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Whoever fills or changes an entity does so to have it stored.</summary>
    private static Type[] WrittenBy(MethodBase called)
    {
        if (called.IsSpecialName && called.Name.StartsWith("set_", StringComparison.Ordinal)) return [called.DeclaringType!];
        if (called.DeclaringType is { IsGenericType: true } set && set.GetGenericTypeDefinition() == typeof(DbSet<>) && Writes.Contains(called.Name)) return set.GetGenericArguments();
        return called.IsGenericMethod && Writes.Contains(called.Name) ? called.GetGenericArguments() : [];
    }

    [GeneratedRegex(@"\b(insert\s+into|update|delete\s+from|truncate(\s+table)?|merge\s+into|copy)\s+(only\s+)?(?<table>[a-z_]+\.[a-z_]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Statement();
}
