using BlockList.Tools.Development;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Development;

public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Each_database_of_the_fixture_stands_alone()
    {
        await using var one = await postgres.CreateDatabaseAsync();
        await using var other = await postgres.CreateDatabaseAsync();

        await ExecuteAsync(one, "CREATE TABLE only_here (v int)");

        Assert.NotEqual(one.Name, other.Name);
        var absent = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(other, "SELECT * FROM only_here"));
        Assert.Equal(PostgresErrorCodes.UndefinedTable, absent.SqlState);
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.SuperuserConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
