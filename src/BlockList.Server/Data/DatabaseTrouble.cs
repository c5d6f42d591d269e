using System.Net.Sockets;
using Npgsql;

namespace BlockList.Server.Data;

/// <summary>What is wrong with the database itself, for whoever is woken by it: what happened, and what to do about it.</summary>
internal static class DatabaseTrouble
{
    /// <summary>A sentence or two; null where the exception tells of something else, a defect for one.</summary>
    public static string? Describe(Exception problem) => Of(problem) switch
    {
        // The text of the server names the file that could not grow, and no value of a row.
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full =>
            $"The disk of the database is full ({full.SqlState}: {full.MessageText}). Make room on the file system of PostgreSQL's data directory, pg_wal included; nothing was lost, and nothing here need be started again.",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } standby =>
            $"The database takes no writes ({standby.SqlState}: {standby.MessageText}). It is a standby, or was set to read only. Name every host of it in [Database] ConnectionString (Host=A,B), so that the primary is found.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } many =>
            $"The database has no connection left ({many.SqlState}: {many.MessageText}). Raise max_connections, or lower Maximum Pool Size of the roles.",
        PostgresException { IsTransient: true } refused =>
            $"The database cannot do it now ({refused.SqlState}: {refused.MessageText}). It is starting, stopping or short of something: see its own log. Nothing here need be started again.",
        PostgresException => null,
        { } gone => $"The database does not answer, or went away meanwhile ({gone.Message}). Look whether PostgreSQL runs, and at its own log; nothing here need be started again.",
        null => null,
    };

    /// <summary>Whether the connection is of no use any more, as all are that were open when the server ended. Not what took too long, or
    /// found every connection in use: to ask that again at once would be more of it.</summary>
    public static bool IsBrokenConnection(Exception problem) => Of(problem) switch
    {
        PostgresException ended => ended.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        { InnerException: IOException or SocketException } => true,
        _ => false,
    };

    /// <summary>Entity Framework wraps what may pass by itself into exceptions of its own.</summary>
    private static NpgsqlException? Of(Exception? problem) => problem is null or NpgsqlException ? (NpgsqlException?)problem : Of(problem.InnerException);
}
