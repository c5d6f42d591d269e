namespace BlockList.Server.Names.Register;

/// <summary>A statement about the register as people read it: who, what, when, why.</summary>
/// <param name="Position">Order of arrival.</param>
/// <param name="Action"><c>add</c>, <c>retire</c> or <c>import</c>.</param>
/// <param name="Name">Null for lists of sites.</param>
/// <param name="Retires">What a retirement took out.</param>
/// <param name="Rows">Names of an imported file.</param>
/// <param name="LeftOut">Lines of it that gave none.</param>
/// <param name="Person">Id of who signed.</param>
/// <param name="Reason">Null where it was deleted.</param>
/// <param name="Retired">When it was taken out and by whom; null while it was not.</param>
internal sealed record RegisterStatement(Guid Id, long Position, string Action, RegisterSource Source, string? Name, Guid? Retires, int? Rows, int? LeftOut, string? FileSha256,
    string Person, string PersonName, string AgencyName, DateTimeOffset At, string? Reason, Retirement? Retired);

/// <param name="Id">Of its statement.</param>
internal sealed record Retirement(Guid Id, string PersonName, DateTimeOffset At);

/// <param name="Next">Position that the next page begins below; null after the last.</param>
internal sealed record RegisterStatements(IReadOnlyList<RegisterStatement> Rows, long? Next);

/// <summary>How much the register holds.</summary>
/// <param name="Counts">Rows in force, the gravest source first; every source has its number.</param>
/// <param name="OwnHosts">Of this installation.</param>
/// <param name="Sites">The list of sites in force, or null.</param>
internal sealed record RegisterSummary(IReadOnlyList<(RegisterSource Source, int Rows)> Counts, IReadOnlyList<string> OwnHosts, RegisterStatement? Sites);
