using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>Inserts decisions past the application, as whoever has the curation login could. Two agencies of two people each.</summary>
public sealed class DecisionTable(PostgresFixture postgres) : IAsyncLifetime
{
    public const string List = "worst-of";

    internal static readonly Signer Anna = new("police", "anna", new string('a', 64));
    internal static readonly Signer Arne = new("police", "arne", new string('b', 64));
    internal static readonly Signer Bela = new("hotline", "bela", new string('c', 64));

    private readonly MigratedDatabase _database = new(postgres);
    private NpgsqlDataSource? _curation;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _curation = NpgsqlDataSource.Create(_database.Curation);
        await ExecuteAsync("insert into access.agency values ('police', 'Police', 'NO'), ('hotline', 'Hotline', 'SE')");
        await ExecuteAsync($"insert into criteria.list values ('{List}', 2, 2, 3, null)");
        foreach (var signer in new[] { Anna, Arne, Bela })
        {
            await ExecuteAsync("insert into access.person (id, agency, name, roles) values ($1, $2, $1, array['curator', 'release-officer'])", signer.Person, signer.Agency);
            await ExecuteAsync("insert into access.credential values ($1, $2, $3, '', '{curator}')", signer.Credential, signer.Person, signer.Agency);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_curation is not null) await _curation.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Opens the episodes of the proposals among the rows, then inserts all rows by one statement.</summary>
    internal async Task InsertAsync(params DecisionRow[] rows)
    {
        await using var connection = await _curation!.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        var assertion = Guid.CreateVersion7();
        await RunAsync(connection, "insert into curation.assertion (id, credential, form, statements, nonce, authenticator_data, client_data, signature) values ($1, $2, 'batch', $3, $4, '', '', '')",
            assertion, rows[0].By.Credential, rows.Length, new byte[32]);
        foreach (var row in rows.Where(row => row.Kind == "proposal"))
            await OpenEpisodeAsync(connection, row.Episode, row.List, row.Name, row.Scope);
        var values = string.Join(", ", rows.Select((_, row) => $"({string.Join(", ", Enumerable.Range((row * 20) + 1, 20).Select(n => $"${n}"))})"));
        await RunAsync(connection, $"""
            insert into curation.decision (id, kind, list, name, scope, episode_id, agency, person, credential, sequence, previous_sha256, supersedes,
              met, sighted_at, decided_at, statement, assertion_id, leaf, case_reference, outcome) values {values}
            """, [.. rows.SelectMany((row, i) => new object?[]
            {
                row.Id, row.Kind, row.List, row.Name, row.Scope, row.Episode, row.By.Agency, row.By.Person, row.By.Credential, row.Sequence, row.Previous, row.Supersedes,
                row.Met, row.SightedAt, TimeProvider.System.GetUtcNow(), row.Statement, assertion, row.Leaf ?? i, row.Case, row.Outcome,
            })]);
        await transaction.CommitAsync(Ct);
    }

    /// <summary>A row for an episode, with whatever login the connection has; a closed one of the entry is current no more.</summary>
    internal static async Task OpenEpisodeAsync(NpgsqlConnection connection, Guid id, string list, string name, string scope)
    {
        await RunAsync(connection, "update curation.episode set is_current = false where list = $1 and name = $2 and scope = $3 and closed_at is not null", list, name, scope);
        await RunAsync(connection, "insert into curation.subject (name, scope, search) values ($1, $2, $1) on conflict (name, scope) do nothing", name, scope);
        await RunAsync(connection, "insert into curation.episode (id, list, name, scope, subject_id) values ($1, $2, $3, $4, (select id from curation.subject where name = $3 and scope = $4))", id, list, name, scope);
    }

    internal async Task OpenEpisodeAsync(Guid id, string list, string name, string scope)
    {
        await using var connection = await _curation!.OpenConnectionAsync(Ct);
        await OpenEpisodeAsync(connection, id, list, name, scope);
    }

    internal Task CloseEpisodeAsync(DecisionRow proposal) => ExecuteAsync("update curation.episode set closed_at = now(), stage = 'removed' where id = $1", proposal.Episode);

    internal async Task ExecuteAsync(string sql, params object?[] parameters)
    {
        await using var connection = await _curation!.OpenConnectionAsync(Ct);
        await RunAsync(connection, sql, parameters);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, params object?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter ?? DBNull.Value);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
