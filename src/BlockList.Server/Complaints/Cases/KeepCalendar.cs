using BlockList.Server.Access;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>The operator's calendar: clocks that run are counted anew when a day to come changes.</summary>
internal sealed class KeepCalendar(NpgsqlDataSource database)
{
    public async Task<OfficeCalendar> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select o.zone, h.day, h.name, p.name, h.day > (now() at time zone o.zone)::date from complaint.office o
            left join complaint.holiday h on h.day >= (now() at time zone o.zone)::date - 366 left join access.person p on p.id = h.entered_by order by h.day
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (zone, days) = ("UTC", new List<Holiday>());
        while (await reader.ReadAsync(cancellationToken))
        {
            zone = reader.GetString(0);
            if (!reader.IsDBNull(1)) days.Add(new Holiday(reader.GetFieldValue<DateOnly>(1), reader.GetString(2), reader.GetString(3), reader.GetBoolean(4)));
        }
        return new OfficeCalendar(zone, days);
    }

    /// <returns>Why not, or null.</returns>
    public async Task<string?> SetAsync(Viewer person, DateOnly day, string name, CancellationToken cancellationToken) => await CallAsync("complaint.set_holiday($1, $2, $3)", cancellationToken, day, name, person.Person) switch
    {
        "past" => "Only days to come can be entered: what was promised for a past one was kept or missed.",
        "known" => "This day is a holiday already.",
        _ => null,
    };

    /// <returns>Why not, or null.</returns>
    public async Task<string?> DropAsync(Viewer person, DateOnly day, CancellationToken cancellationToken) => await CallAsync("complaint.drop_holiday($1, $2)", cancellationToken, day, person.Person) switch
    {
        "past" => "Only days to come can be taken out.",
        "unknown" => "This day is no holiday any more.",
        _ => null,
    };

    /// <returns>Why not, or null.</returns>
    public async Task<string?> SetZoneAsync(Viewer person, string zone, CancellationToken cancellationToken) =>
        await CallAsync("complaint.set_zone($1, $2)", cancellationToken, zone, person.Person) == "unknown" ? "There is no such time zone. Write a name such as UTC or Europe/Oslo." : null;

    private async Task<string> CallAsync(string call, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand($"select {call}");
        foreach (var value in values) command.Parameters.AddWithValue(value);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <param name="Zone">In which a working day begins and ends.</param>
/// <param name="Days">Of the last year and all to come.</param>
internal sealed record OfficeCalendar(string Zone, IReadOnlyList<Holiday> Days);

/// <param name="Day">In the office's zone.</param>
/// <param name="Name">As people call it.</param>
/// <param name="EnteredBy">Name of the person.</param>
/// <param name="IsToCome">It can still be taken out.</param>
internal sealed record Holiday(DateOnly Day, string Name, string EnteredBy, bool IsToCome);
