using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Server.Complaints.Cases;

/// <summary>The queue: cases by the clock that runs out first. Complaints about one domain are one case.</summary>
internal sealed class ReadCases(NpgsqlDataSource database)
{
    public const int OnAPage = 25;

    private const string Over = "over";

    /// <summary>Id, label, and which of the cases that lead.</summary>
    public static readonly (string Id, string Label, string Where)[] Tabs =
    [
        ("listed", "About an entry", "d.due_at is not null and d.listed"),
        ("open", "All open", "d.due_at is not null"),
        ("triage", "Suspend now?", "d.due_at is not null and d.stage = 'new'"),
        ("proven", "Control proven", "d.due_at is not null and d.proven"),
        ("decide", "To decide", "d.due_at is not null and d.stage in ('working', 'asked')"),
        ("suspended", "Suspended", "d.suspended"),
        ("late", "Late", "d.due_at <= now()"),
        ("oversight", "Oversight", "d.due_at is not null and (d.oversight or d.stage = 'appealed')"),
        (Over, "Decided", "d.due_at is null"),
    ];

    /// <param name="tab">Id of one of <see cref="Tabs"/>.</param>
    /// <param name="after">Cursor of the last row before; null for the first page.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    public async Task<(IReadOnlyList<CaseRow> Rows, string? After)> RunAsync(string tab, string? after, CancellationToken cancellationToken)
    {
        var where = Tabs.First(t => t.Id == tab).Where;
        var (key, order) = tab == Over ? ("d.decided_at", "desc") : ("d.due_at", "asc");
        await using var command = database.CreateCommand($"""
            select d.reference, d.domain, d.stage, d.proven, d.suspended, d.oversight, d.outcome, c.kind, c.party, d.opened_at, {key},
              (select count(*)::int from (select from complaint.dossier f where f.leader = d.reference limit 100) as few),
              (select k.kind from complaint.clock k join complaint.dossier m on m.reference = k.reference where (m.reference = d.reference or m.leader = d.reference) and k.ended_at is null order by k.due_at limit 1),
              exists (select from complaint.entries_of(d.reference, 10) e where e.added_serial is not null)
            from complaint.dossier d join complaint.complaint c on c.reference = d.reference
            where d.leader is null and {where} and ($1::timestamptz is null or ({key}, d.reference) {(tab == Over ? "<" : ">")} ($1, $2)) order by {key} {order}, d.reference {order} limit $3
            """);
        var (at, reference) = Parse(after);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.AddWithValue(reference);
        command.Parameters.AddWithValue(OnAPage + 1);
        var rows = new List<CaseRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new CaseRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5), reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.GetString(7), reader.GetString(8), reader.GetFieldValue<DateTimeOffset>(9), reader.GetFieldValue<DateTimeOffset>(10), reader.GetInt32(11), reader.IsDBNull(12) ? null : reader.GetString(12), reader.GetBoolean(13)));
        }
        if (rows.Count <= OnAPage) return (rows, null);
        rows.RemoveAt(OnAPage);
        return (rows, string.Create(CultureInfo.InvariantCulture, $"{rows[^1].At.UtcTicks}.{rows[^1].Reference}"));
    }

    private static (DateTimeOffset? At, string Reference) Parse(string? after) =>
        after?.Split('.') is [var ticks, var reference] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTime.MaxValue.Ticks ? (new DateTimeOffset(number, TimeSpan.Zero), reference) : (null, "");
}

/// <summary>A case in the queue.</summary>
/// <param name="Reference">Of the complaint that leads.</param>
/// <param name="Domain">That it is about, in A-labels.</param>
/// <param name="Stage"><c>new</c>, <c>working</c>, <c>asked</c>, <c>decided</c>, <c>appealed</c> or <c>closed</c>.</param>
/// <param name="IsProven">Somebody proved control of the domain.</param>
/// <param name="IsSuspended">An entry is suspended for it.</param>
/// <param name="IsOversights">Oversight is asked to look at it.</param>
/// <param name="Outcome">Null before the decision.</param>
/// <param name="Kind">What is said to have happened.</param>
/// <param name="Party">Who complains.</param>
/// <param name="OpenedAt">From when its clocks run.</param>
/// <param name="At">When the next clock runs out; of one that is over, when it was decided.</param>
/// <param name="Others">How many more complaints are worked on with it, 100 at most.</param>
/// <param name="Clock">Which clock runs out first.</param>
/// <param name="IsListed">An entry that it is about is published.</param>
internal sealed record CaseRow(string Reference, string Domain, string Stage, bool IsProven, bool IsSuspended, bool IsOversights, string? Outcome, string Kind, string Party, DateTimeOffset OpenedAt, DateTimeOffset At, int Others, string? Clock, bool IsListed);
