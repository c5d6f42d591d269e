using BlockList.Server.Data;
using Npgsql;
using Xunit;

namespace BlockList.Server.Tests.Failures;

public sealed class DatabaseTroubleTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.DiskFull, "Make room on the file system")]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, "Name every host of it in [Database] ConnectionString")]
    [InlineData(PostgresErrorCodes.TooManyConnections, "Raise max_connections")]
    [InlineData(PostgresErrorCodes.CannotConnectNow, "see its own log")]
    [InlineData(PostgresErrorCodes.CrashShutdown, "see its own log")]
    public void Trouble_of_the_database_has_a_sentence_that_says_what_to_do(string state, string advice)
    {
        var problem = new PostgresException("the server's words", "ERROR", "ERROR", state);
        Assert.Contains(advice, DatabaseTrouble.Describe(problem), StringComparison.Ordinal);
        Assert.Contains($"({state}: the server's words)", DatabaseTrouble.Describe(problem), StringComparison.Ordinal);
        // As Entity Framework hands it on.
        Assert.Equal(DatabaseTrouble.Describe(problem), DatabaseTrouble.Describe(new InvalidOperationException("likely due to a transient failure", problem)));
    }

    [Fact]
    public void What_is_a_defect_is_left_to_its_stack_trace()
    {
        Assert.Null(DatabaseTrouble.Describe(new PostgresException("no such table", "ERROR", "ERROR", PostgresErrorCodes.UndefinedTable)));
        Assert.Null(DatabaseTrouble.Describe(new InvalidOperationException("a defect")));
        Assert.Contains("does not answer, or went away", DatabaseTrouble.Describe(new NpgsqlException("connection refused")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_took_too_long_is_no_broken_connection()
    {
        Assert.True(DatabaseTrouble.IsBrokenConnection(new NpgsqlException("Exception while writing to stream", new IOException("broken pipe"))));
        Assert.True(DatabaseTrouble.IsBrokenConnection(new InvalidOperationException("likely due to a transient failure", new NpgsqlException("Exception while reading from stream", new EndOfStreamException()))));
        Assert.True(DatabaseTrouble.IsBrokenConnection(new PostgresException("terminating connection", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown)));
        Assert.False(DatabaseTrouble.IsBrokenConnection(new NpgsqlException("Exception while reading from stream", new TimeoutException())));
        Assert.False(DatabaseTrouble.IsBrokenConnection(new NpgsqlException("The connection pool has been exhausted")));
        Assert.False(DatabaseTrouble.IsBrokenConnection(new PostgresException("disk full", "ERROR", "ERROR", PostgresErrorCodes.DiskFull)));
        Assert.False(DatabaseTrouble.IsBrokenConnection(new IOException("another file")));
    }
}
