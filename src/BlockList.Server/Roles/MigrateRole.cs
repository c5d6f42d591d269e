using System.CommandLine;
using BlockList.Server.Data;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Roles;

/// <summary>Role <c>migrate</c>: owns every object, runs at deploy and ends.</summary>
internal static class MigrateRole
{
    public static Command Command() => RoleCommand.Create("migrate", "Brings the database to this version, then ends.",
        (_, _) => { },
        async (_, services, cancellationToken) =>
        {
            var connectionString = services.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString;
            var applied = await new MigrateDatabase(connectionString).RunAsync(cancellationToken);
            Console.WriteLine(applied.Count == 0 ? "The database is up to date." : "Applied " + string.Join(", ", applied) + ".");
            return 0;
        });
}
