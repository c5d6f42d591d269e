namespace BlockList.Server.Distribution.Coverage;

/// <summary>Each list and how far its newest version has come.</summary>
internal sealed record CoverageModel(IReadOnlyList<ListCoverage> Lists);

/// <summary>One list, as the worker found it last.</summary>
/// <param name="Providers">That are to apply it.</param>
/// <param name="States">How many of them stand how; one may be counted in several.</param>
/// <param name="Block">Seconds from publication until names were blocked: p50, p90, p99 over 30 days; null where nothing was added.</param>
/// <param name="BlockPairs">From how many versions at providers.</param>
/// <param name="Unblock">The same until names that were removed were free.</param>
/// <param name="MeasuredAt">Null before the worker's first look.</param>
/// <param name="Newest">How far the newest version has come; null before the first.</param>
internal sealed record ListCoverage(string List, int Providers, IReadOnlyDictionary<string, int> States, IReadOnlyList<double>? Block, long BlockPairs, IReadOnlyList<double>? Unblock, long UnblockPairs,
    DateTimeOffset? MeasuredAt, VersionCoverage? Newest);

/// <summary>How far one version has come.</summary>
/// <param name="Whole">At how many providers it was all in force.</param>
/// <param name="Freed">At how many what it removed was free.</param>
/// <param name="Providers">Of how many: those who were there when it was published, or never applied anything.</param>
internal sealed record VersionCoverage(int Serial, DateTimeOffset PublishedAt, int Added, int Removed, bool Urgent, int Whole, int Freed, int Providers, IReadOnlyList<double>? Block, IReadOnlyList<double>? Unblock);

/// <summary>One list: a curve, its versions, its providers.</summary>
/// <param name="Shown">The version whose curve is shown; null before the first.</param>
/// <param name="Curve">Its points.</param>
/// <param name="Steps">The same for a table: after how many seconds at how many.</param>
/// <param name="State">Which providers are shown; null for all.</param>
/// <param name="IsFirst">Whether these are the first of them.</param>
/// <param name="Next">After which the next page begins.</param>
internal sealed record ListCoverageModel(ListCoverage List, IReadOnlyList<VersionCoverage> Versions, VersionCoverage? Shown, IReadOnlyList<CurvePoint> Curve, IReadOnlyList<CurvePoint> Steps,
    string? State, IReadOnlyList<ProviderRow> Providers, bool IsFirst, Guid? Next);

/// <param name="Seconds">Since publication.</param>
/// <param name="Count">Providers at which the version was in force by then.</param>
internal sealed record CurvePoint(double Seconds, int Count);

/// <summary>One provider and the list.</summary>
/// <param name="Whole">The newest version that is in force there; 0 for none.</param>
internal sealed record ProviderRow(Guid Id, string Name, IReadOnlyList<string> States, DateTimeOffset Since, int Whole, DateTimeOffset? ContactAt, DateTimeOffset? ReceiptAt, int Resolvers, int LeftOut);

/// <summary>A provider's page. The facts are those that it reads of itself.</summary>
/// <param name="IsOwn">The provider reads it.</param>
internal sealed record ProviderModel(ProviderFacts Facts, bool IsOwn);
