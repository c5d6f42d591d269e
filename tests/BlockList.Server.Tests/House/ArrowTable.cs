namespace BlockList.Server.Tests.House;

/// <summary>Which module may use which. What is not said here is forbidden, and so is code in a module that has no row.</summary>
/// <param name="Root">The namespace whose next part names the module.</param>
/// <param name="Floor">Modules that are open to all; they use one another and nothing above them.</param>
/// <param name="Roof">Modules that nobody uses but by name.</param>
/// <param name="Arrows">Rows of the modules above the floor.</param>
/// <param name="Exceptions">Single types that a module may use of one that it may not.</param>
internal sealed record ArrowTable(string Root, string[] Floor, string[] Roof, Arrow[] Arrows, (string From, string Type)[] Exceptions)
{
    /// <summary>The module of the program's own entry, which stands in no module.</summary>
    public const string Entry = "Program";

    /// <summary>One sentence for each use that the table does not allow.</summary>
    public IReadOnlyList<string> OffendersIn(IEnumerable<TypeUse> uses) => [.. uses.Select(OffenceOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The module of a type, or null where the type is none of this program's.</summary>
    public string? ModuleOf(Type type)
    {
        if (type.Namespace is null) return type.Name == Entry ? Entry : null;
        if (type.Namespace == Root) return Entry;
        if (!type.Namespace.StartsWith(Root + ".", StringComparison.Ordinal)) return null;
        var below = type.Namespace[(Root.Length + 1)..];
        // Part of a module can have a row of its own.
        return Arrows.Select(arrow => arrow.From).Where(from => below == from || below.StartsWith(from + ".", StringComparison.Ordinal)).MaxBy(from => from.Length)
            ?? below.Split('.')[0];
    }

    /// <summary>Without the root: <c>Curation.ReadEntries</c>.</summary>
    public string NameOf(Type type)
    {
        var name = type.FullName!.Replace('+', '.');
        return name.StartsWith(Root + ".", StringComparison.Ordinal) ? name[(Root.Length + 1)..] : name;
    }

    private string? OffenceOf(TypeUse use)
    {
        if (ModuleOf(use.User) is not { } from) return null;
        if (!Floor.Contains(from) && !Arrows.Any(arrow => arrow.From == from)) return $"{NameOf(use.User)} is in {from}, which is no module of the table";
        return ModuleOf(use.Used) is not { } to || MayUse(OwnerOf(use, from), to, use.Used) ? null : $"{NameOf(use.User)} uses {NameOf(use.Used)}";
    }

    private bool MayUse(string from, string to, Type used) => from == to || Floor.Contains(to)
        || Arrows.Any(arrow => arrow.From == from && (arrow.To.Contains(to) || (arrow.To.Contains(Arrow.Every) && !Roof.Contains(to))))
        || Exceptions.Contains((from, NameOf(used)));

    /// <summary>The context is one class in parts: each module declares its own sets and its <c>MapModule</c>.</summary>
    private string OwnerOf(TypeUse use, string module)
    {
        if (use.User != typeof(Data.BlockListDb)) return module;
        if (use.Member.StartsWith("Map", StringComparison.Ordinal)) return use.Member["Map".Length..];
        return use.User.GetProperty(use.Member.Replace("get_", "", StringComparison.Ordinal))?.PropertyType.GetGenericArguments() is [var entity] ? ModuleOf(entity)! : module;
    }
}
