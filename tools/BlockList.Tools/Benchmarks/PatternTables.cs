using BlockList.Format.Names;
using BlockList.Format.Statements;
using BlockList.Server.Curation;
using BlockList.Tools.Deployments;
using Npgsql;
using NpgsqlTypes;

namespace BlockList.Tools.Benchmarks;

/// <summary>Writes the patterns where the generator's statements join them: what the formula says of each at both ends of
/// its range, and the statements of its steps with places to fill in.</summary>
internal sealed class PatternTables(Deployment deployment, DateTimeOffset now)
{
    private readonly AgencyRegister register = deployment.Keys.ComposeRegister(deployment.Cast, 1);

    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, """
            create table bench.pattern (id integer primary key, list text, low integer, high integer, is_earlier boolean, from_days float, to_days float, stage text, voters text collate "C",
              met_agencies integer, met_countries integer, listed_days float, sighted_days float, doubt_days float, waits_days float, closed_days float);
            create table bench.step (pattern integer, step integer, person text, agency text, credential text, kind text, met boolean, days float, sighted_days float, supersedes integer, supersedes_days float,
              plain text, annotated text, primary key (pattern, step));
            """, cancellationToken);
        var high = new Dictionary<(string, bool), int>();
        for (var id = 0; id < EntryPattern.All.Length; id++)
        {
            var pattern = EntryPattern.All[id];
            var low = high.GetValueOrDefault((pattern.List, pattern.IsEarlier));
            high[(pattern.List, pattern.IsEarlier)] = low + pattern.Weight;
            await WritePatternAsync(connection, id, pattern, low, cancellationToken);
            for (var step = 0; step < pattern.Steps.Length; step++) await WriteStepAsync(connection, id, pattern, step, cancellationToken);
        }
        if (high.Values.Any(sum => sum != 1000)) throw new InvalidOperationException("the weights of a list's patterns are not 1000 together");
    }

    private async Task WritePatternAsync(NpgsqlConnection connection, int id, EntryPattern pattern, int low, CancellationToken cancellationToken)
    {
        var summary = SummaryOf(pattern, pattern.ToDays);
        if (SummaryOf(pattern, pattern.FromDays) is var young && (young.Stage, young.Voters, young.MetAgencies) != (summary.Stage, summary.Voters, summary.MetAgencies) || summary.Stage != pattern.Stage)
            throw new InvalidOperationException($"pattern {id} is {young.Stage} to {summary.Stage} by the formula and not {pattern.Stage}");
        var doubt = summary.SuspendedFrom is null ? null : pattern.Steps.First(s => s.Verdict == Verdict.NotMet);
        var ends = pattern.Stage is EpisodeStage.Removed or EpisodeStage.Declined ? pattern.Steps[^1].Days : (double?)null;
        var waits = pattern.Stage is EpisodeStage.Review or EpisodeStage.Disputed or EpisodeStage.Suspended ? doubt?.Days ?? 0 : (double?)null;
        await InsertAsync(connection, "pattern", [id, pattern.List, low, low + pattern.Weight, pattern.IsEarlier, pattern.FromDays, pattern.ToDays, EpisodeSummary.Print(summary.Stage), summary.Voters,
            summary.MetAgencies, summary.MetCountries, pattern.ListedBy is { } by ? pattern.Steps[by].Days : null, pattern.Steps.Max(s => s.SightedDays), doubt?.Days, waits, ends], cancellationToken);
    }

    private async Task WriteStepAsync(NpgsqlConnection connection, int id, EntryPattern pattern, int index, CancellationToken cancellationToken)
    {
        var step = pattern.Steps[index];
        var statement = StatementOf(pattern, index, now);
        var replaced = Replaced(pattern, index);
        await InsertAsync(connection, "step", [id, index, step.Person, statement.Agency, statement.Credential, DecisionStatement.Print(step.Kind), step.Verdict is { } verdict ? verdict == Verdict.Met : null,
            step.Days, step.SightedDays, replaced, replaced is { } r ? pattern.Steps[r].Days : null, StatementTemplate.Of(statement, false), StatementTemplate.Of(statement, true)], cancellationToken);
    }

    /// <summary>The formula's answer for an entry that was proposed so many days ago.</summary>
    private EpisodeSummary SummaryOf(EntryPattern pattern, double days)
    {
        var list = register.Lists[pattern.List];
        _ = DomainName.TryParseCanonical("place.example", out var name);
        var state = new EpisodeState(Id(0), pattern.List, new ListedName(name!, Scope.Domain));
        var opened = now.AddDays(-days);
        for (var i = 0; i < pattern.Steps.Length; i++)
        {
            if (pattern.ListedBy < i) state.Publish();
            state.Take(StatementOf(pattern, i, opened), list, opened.AddDays(pattern.Steps[i].Days));
        }
        return EpisodeSummary.Of(state, new ListRules(list, register.Agencies), now, opened);
    }

    private DecisionStatement StatementOf(EntryPattern pattern, int index, DateTimeOffset opened)
    {
        var (step, list) = (pattern.Steps[index], register.Lists[pattern.List]);
        var person = deployment.Cast[step.Person];
        var criteria = list.Criteria[0];
        _ = DomainName.TryParseCanonical("place.example", out var name);
        return new DecisionStatement
        {
            Deployment = deployment.Keys.Deployment,
            Id = Id(index),
            Kind = step.Kind,
            List = pattern.List,
            Name = new ListedName(name!, Scope.Domain),
            Episode = Id(0),
            Agency = person.Agency,
            Person = person.Id,
            Credential = person.Credential().Id,
            Sequence = 2,
            Previous = new string('0', 64),
            Verdicts = step.Verdict is { } verdict ? new Verdicts(criteria.DecidedByCurator.Select(c => KeyValuePair.Create(c, verdict))) : null,
            CriteriaSha256 = step.Verdict is null ? null : criteria.Sha256,
            SightedAt = step.SightedDays is { } sighted ? opened.AddDays(sighted) : null,
            Supersedes = Replaced(pattern, index) is { } replaced ? Id(replaced) : null,
            DecidedAt = opened.AddDays(step.Days),
        };
    }

    /// <summary>The vote of the same agency before this one, or null.</summary>
    private int? Replaced(EntryPattern pattern, int index)
    {
        if (pattern.Steps[index].Kind is not (DecisionKind.Assessment or DecisionKind.Withdrawal)) return null;
        var before = pattern.Steps[..index].ToList().FindLastIndex(s => s.Kind != DecisionKind.Sighting && deployment.Cast[s.Person].Agency == deployment.Cast[pattern.Steps[index].Person].Agency);
        return before < 0 ? null : before;
    }

    private static Guid Id(int index) => new(index + 1, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    private static async Task InsertAsync(NpgsqlConnection connection, string table, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"insert into bench.{table} values ({string.Join(", ", values.Select((_, i) => $"${i + 1}"))})", connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = value is null ? NpgsqlDbType.Unknown : TypeOf(value) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlDbType TypeOf(object value) => value switch { int => NpgsqlDbType.Integer, double => NpgsqlDbType.Double, bool => NpgsqlDbType.Boolean, _ => NpgsqlDbType.Text };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
