namespace BlockList.Server.Names.Register;

/// <summary>Where a row of the register stands, seen from the name that was asked about.</summary>
internal enum RowPlace : byte
{
    At,

    /// <summary>The name lies below it, within the same registrable domain.</summary>
    Above,

    /// <summary>It lies below the name, so a listing with scope <c>domain</c> would stop it.</summary>
    Below,
}

/// <summary>What the register says of a name and scope.</summary>
/// <param name="Sources">Of all rows that stand against it; none where nothing does.</param>
/// <param name="Place">Of the gravest one.</param>
/// <param name="Name">Of the gravest one, empty where there is none.</param>
/// <param name="Rank">Of the gravest one, 0 where it has none.</param>
/// <param name="Origin">What brought the gravest one: a decision, or <see cref="Guid.Empty"/> for hosts of the installation.</param>
/// <param name="NamesBelow">How many rows stand below the name, whatever the scope.</param>
/// <param name="ExampleBelow">The gravest of those, or null.</param>
internal readonly record struct RegisterMatch(RegisterSources Sources, RowPlace Place, string Name, int Rank, Guid Origin, int NamesBelow, string? ExampleBelow);
