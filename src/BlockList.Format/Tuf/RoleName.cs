namespace BlockList.Format.Tuf;

/// <summary>The four top-level roles of a repository (TUF specification 2.1) and the file each one signs.</summary>
public static class RoleName
{
    public const string Root = "root";
    public const string Targets = "targets";
    public const string Snapshot = "snapshot";
    public const string Timestamp = "timestamp";

    internal static readonly string[] All = [Root, Targets, Snapshot, Timestamp];

    internal const string SpecificationVersion = "1.0.31";
}
