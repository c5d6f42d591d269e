using BlockList.Server.Data;
using BlockList.Tools.Development;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Database;

/// <summary>
/// A test class's own migrated database, with owner, grants and logins as the operator has them. As a class fixture:
/// <c>public sealed class SomeTests(MigratedDatabase database) : IClassFixture&lt;MigratedDatabase&gt;</c>.
/// </summary>
public sealed class MigratedDatabase(PostgresFixture postgres) : IAsyncLifetime
{
    public const string Owner = "blocklist_migrate";
    public const string CurationLogin = "blocklist_curation";
    public const string PublisherLogin = "blocklist_publisher";
    public const string DistributionLogin = "blocklist_distribution";
    public const string WorkerLogin = "blocklist_worker";
    public const string CheckerLogin = "blocklist_checker";
    public const string VerifierLogin = "blocklist_verifier";
    public const string PortalLogin = "blocklist_portal";
    public const string IssuerLogin = "blocklist_issuer";

    private static readonly string[] Logins = [CurationLogin, PublisherLogin, DistributionLogin, WorkerLogin, CheckerLogin, VerifierLogin, PortalLogin, IssuerLogin];

    private TestDatabase? _database;
    private NpgsqlDataSource? _superuser;

    public string Curation => _database!.ConnectionString(CurationLogin);

    public string Publisher => _database!.ConnectionString(PublisherLogin);

    public string Distribution => _database!.ConnectionString(DistributionLogin);

    public string Worker => _database!.ConnectionString(WorkerLogin);

    public string Checker => _database!.ConnectionString(CheckerLogin);

    public string Verifier => _database!.ConnectionString(VerifierLogin);

    public string Portal => _database!.ConnectionString(PortalLogin);

    public string Issuer => _database!.ConnectionString(IssuerLogin);

    public string Migrate => _database!.ConnectionString(Owner);

    /// <summary>For arranging and asserting what no role may touch; never for the code under test.</summary>
    internal NpgsqlDataSource Superuser => _superuser!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        _superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.SuperuserConnectionString) { MaxPoolSize = 4 });
        await OwnAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_superuser is not null) await _superuser.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }

    /// <summary>Keeps what the database is now; nobody else may be at work on it.</summary>
    internal async Task BackUpAsync()
    {
        await _database!.BackUpAsync(TestContext.Current.CancellationToken);
        await ConnectAnewAsync();
    }

    /// <summary>Makes it what it was, with the grants on the database itself.</summary>
    internal async Task RestoreAsync()
    {
        await _database!.RestoreAsync(TestContext.Current.CancellationToken);
        await ConnectAnewAsync();
        await OwnAsync();
    }

    private async Task ConnectAnewAsync()
    {
        await _superuser!.DisposeAsync();
        _superuser = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database!.SuperuserConnectionString) { MaxPoolSize = 4 });
    }

    /// <summary>What use cases take, for one login by its connection string.</summary>
    internal static IDbContextFactory<BlockListDb> Contexts(string connectionString) =>
        new PooledDbContextFactory<BlockListDb>(new DbContextOptionsBuilder<BlockListDb>().UseNpgsql(connectionString).Options);

    /// <summary>As the superuser; parameters are <c>$1</c>, <c>$2</c>. Returns the number of rows.</summary>
    public async Task<int> ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>As the superuser: the first column of the first row, or null.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is T value ? value : default;
    }

    /// <summary>Makes the template: the schema by its owner, then a password for each login, since the cluster asks for one.</summary>
    internal static async Task PrepareTemplateAsync(PrivateCluster cluster, string database, CancellationToken ct)
    {
        await using var superuser = NpgsqlDataSource.Create(cluster.SuperuserConnectionString(database));
        await RunAsync(superuser, $"""
            do $$ begin
              if not exists (select from pg_roles where rolname = '{Owner}') then create role {Owner} login createrole; end if;
              alter role {Owner} password '{cluster.PasswordOf(Owner)}';
              execute format('alter database %I owner to {Owner}', current_database());
            end $$
            """, ct);
        var owner = new NpgsqlConnectionStringBuilder(cluster.ConnectionString(Owner, database)) { Pooling = false };
        await new MigrateDatabase(owner.ConnectionString).RunAsync(ct);
        foreach (var login in Logins)
            await RunAsync(superuser, $"alter role {login} password '{cluster.PasswordOf(login)}'", ct);
    }

    /// <summary>A copy has the template's objects, but not its owner nor the grants on the database itself.</summary>
    private Task OwnAsync() => RunAsync(Superuser, $"""
        do $$ begin
          execute format('alter database %I owner to {Owner}', current_database());
          execute format('revoke all on database %I from public', current_database());
          execute format('grant connect on database %I to {string.Join(", ", Logins)}', current_database());
        end $$
        """, TestContext.Current.CancellationToken);

    /// <summary>Runs a statement as a login, or as the owner, and takes it back.</summary>
    /// <param name="login">Its name.</param>
    /// <param name="sql">One statement.</param>
    internal async Task RunAsAsync(string login, string sql)
    {
        await using var connection = new NpgsqlConnection(_database!.ConnectionString(login));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = Superuser.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter);
        return command;
    }
}
