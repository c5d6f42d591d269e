using System.Text.Json;
using BlockList.Format.Names;
using BlockList.Server.Access;
using BlockList.Server.Curation;
using BlockList.Server.Curation.Reading;
using Npgsql;

namespace BlockList.Server.Complaints.Cases;

/// <summary>One case with all complaints that are worked on with it. The caller has written down that it is read.</summary>
internal sealed class ReadCase(NpgsqlDataSource database)
{
    /// <summary>Of entries; more lie below the domain of a large host, which is then to be looked up.</summary>
    public const int MostEntries = 50;

    /// <param name="reader">Who looks: the part that they or their agency had is said.</param>
    /// <param name="reference">Of any complaint of the case.</param>
    /// <param name="cancellationToken">Before the answer.</param>
    /// <returns>Null where there is no such case.</returns>
    public async Task<CaseView?> RunAsync(Viewer reader, string reference, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await HeadAsync(connection, reference, cancellationToken) is not { } view) return null;
        var entries = await EntriesAsync(connection, reader, view.Reference, cancellationToken);
        return view with
        {
            Complaints = await ComplaintsAsync(connection, view.Reference, cancellationToken),
            Clocks = await ClocksAsync(connection, view.Reference, cancellationToken),
            Events = await EventsAsync(connection, view.Reference, cancellationToken),
            Entries = entries,
            Mails = await MailsAsync(connection, view.Reference, cancellationToken),
        };
    }

    private static async Task<CaseView?> HeadAsync(NpgsqlConnection connection, string reference, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select l.reference, l.domain, l.stage, l.proven, l.suspended, l.oversight, l.outcome, l.decided_at, l.decided_by, p.name, l.answered_from, c.is_registrable
            from complaint.dossier d join complaint.dossier l on l.reference = coalesce(d.leader, d.reference) join complaint.complaint c on c.reference = l.reference
            left join access.person p on p.id = l.decided_by where d.reference = $1
            """, connection);
        command.Parameters.AddWithValue(reference);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        return new CaseView(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5), Text(row, 6), Time(row, 7), Text(row, 8), Text(row, 9), Time(row, 10), row.GetBoolean(11));
    }

    private static async Task<IReadOnlyList<CaseComplaint>> ComplaintsAsync(NpgsqlConnection connection, string leader, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select c.reference, c.party, c.kind, c.language, c.since, c.text, d.opened_at, c.proof_state, c.proof_method, c.proof_at, exists (select from complaint.person p where p.reference = c.reference)
            from complaint.dossier d join complaint.complaint c on c.reference = d.reference where d.reference = $1 or d.leader = $1 order by d.leader is not null, c.proof_state = 'proven' desc, d.opened_at limit 100
            """, connection);
        command.Parameters.AddWithValue(leader);
        var complaints = new List<CaseComplaint>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            complaints.Add(new CaseComplaint(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateOnly>(4), Text(row, 5), row.GetFieldValue<DateTimeOffset>(6), row.GetString(7), Text(row, 8), Time(row, 9), row.GetBoolean(10)));
        return complaints;
    }

    private static async Task<IReadOnlyList<CaseClock>> ClocksAsync(NpgsqlConnection connection, string leader, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select k.reference, k.kind, k.due_at, k.ended_at, k.late_at from complaint.dossier d join complaint.clock k on k.reference = d.reference
            where d.reference = $1 or (d.leader = $1 and k.ended_at is null) order by k.ended_at is not null, k.due_at limit 50
            """, connection);
        command.Parameters.AddWithValue(leader);
        var clocks = new List<CaseClock>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) clocks.Add(new CaseClock(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), Time(row, 3), Time(row, 4)));
        return clocks;
    }

    private static async Task<IReadOnlyList<CaseEvent>> EventsAsync(NpgsqlConnection connection, string leader, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select e.id, e.reference, e.at, e.kind, p.name, e.visible, e.detail::text, t.text, e.text_sha256 is not null and t.text is null
            from complaint.dossier d join complaint.event e on e.reference = d.reference left join complaint.event_text t on t.event_id = e.id left join access.person p on p.id = e.person
            where d.reference = $1 or d.leader = $1 order by e.id desc limit 300
            """, connection);
        command.Parameters.AddWithValue(leader);
        var events = new List<CaseEvent>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            events.Add(new CaseEvent(row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), Text(row, 4), row.GetBoolean(5), JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(6))!, Text(row, 7), row.GetBoolean(8)));
        return events;
    }

    private static async Task<IReadOnlyList<CaseMail>> MailsAsync(NpgsqlConnection connection, string leader, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select s.reference, s.template, s.written_at, s.sent_at is not null, s.failed_at is not null, s.problem
            from complaint.dossier d join mail.state s on s.reference = d.reference where (d.reference = $1 or d.leader = $1) and s.template <> 'overdue' order by s.id desc limit 50
            """, connection);
        command.Parameters.AddWithValue(leader);
        var mails = new List<CaseMail>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) mails.Add(new CaseMail(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetBoolean(3), row.GetBoolean(4), Text(row, 5)));
        return mails;
    }

    private static async Task<IReadOnlyList<CaseListing>> EntriesAsync(NpgsqlConnection connection, Viewer reader, string leader, CancellationToken cancellationToken)
    {
        var found = new List<CaseListing>();
        await using (var command = new NpgsqlCommand("""
            select e.episode, e.subject, e.list, e.name, e.scope, e.stage, e.voters, e.relation, e.added_serial, curation.had_part(e.episode, $2, $3),
              coalesce((select d.kind = 'suspension' from curation.decision d where d.episode_id = e.episode and d.case_reference = $1 and d.kind <> 'override' order by d.position desc limit 1), false)
            from complaint.entries_of($1, $4) e
            """, connection))
        {
            command.Parameters.AddWithValue(leader);
            command.Parameters.AddWithValue(reader.Person);
            command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Text, (object?)reader.Agency ?? DBNull.Value);
            command.Parameters.AddWithValue(MostEntries);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
                found.Add(new CaseListing(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4) == PrepareDecisions.PrintScope(Scope.Host) ? Scope.Host : Scope.Domain, row.GetString(5), row.GetString(6), row.GetString(7), row.IsDBNull(8) ? null : row.GetInt32(8), row.GetBoolean(9), row.GetBoolean(10)));
        }
        var seen = found.Where(entry => ShowsHistory(reader, entry)).Select(entry => entry.Episode).ToArray();
        var decisions = await EpisodeDecisions.ReadAsync(connection, seen, cancellationToken);
        return [.. found.Select(entry => entry with { History = seen.Contains(entry.Episode) ? [.. decisions[entry.Episode].Select(d => d.Row).Reverse()] : null })];
    }

    /// <summary>Who assesses entries too stays blind to those that their agency may yet be asked about.</summary>
    private static bool ShowsHistory(Viewer reader, CaseListing entry) => reader.Agency is null || !reader.Is(RoleNames.Curator) || Sight.Opens(reader, entry.Voters);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
