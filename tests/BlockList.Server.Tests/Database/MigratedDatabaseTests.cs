using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Database;

public sealed class MigratedDatabaseTests(MigratedDatabase database) : IClassFixture<MigratedDatabase>
{
    [Fact]
    public async Task Every_login_connects_with_its_own_password()
    {
        string[] found =
        [
            await LoginOfAsync(database.Curation), await LoginOfAsync(database.Publisher),
            await LoginOfAsync(database.Distribution), await LoginOfAsync(database.Worker), await LoginOfAsync(database.Checker),
        ];

        Assert.Equal([MigratedDatabase.CurationLogin, MigratedDatabase.PublisherLogin, MigratedDatabase.DistributionLogin, MigratedDatabase.WorkerLogin, MigratedDatabase.CheckerLogin], found);
    }

    [Fact]
    public async Task Database_belongs_to_the_migrating_login_and_lets_in_nobody_unnamed()
    {
        Assert.Equal(MigratedDatabase.Owner, await database.ScalarAsync<string>(
            "select pg_get_userbyid(datdba)::text from pg_database where datname = current_database()"));
        Assert.False(await database.ScalarAsync<bool>(
            "select exists (select from pg_database, aclexplode(datacl) where datname = current_database() and grantee = 0)"));
    }

    [Fact]
    public async Task Second_migration_has_nothing_left_to_do()
    {
        var applied = await new Server.Data.MigrateDatabase(database.Migrate).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(applied);
    }

    private static async Task<string> LoginOfAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select session_user::text", connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
