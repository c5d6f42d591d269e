using System.CommandLine;
using BlockList.Server.Data;
using BlockList.Server.Signing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Roles;

/// <summary>Runs one command of a role: builds its services, does the work once, turns known failures into a sentence.</summary>
internal static class RoleCommand
{
    /// <summary>A command with <c>--config</c> that runs <paramref name="run"/> with the role's services.</summary>
    public static Command Create(string name, string description, Action<IServiceCollection, IConfiguration> services,
        Func<ParseResult, IServiceProvider, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var config = RoleConfiguration.ConfigOption();
        var command = new Command(name, description) { config };
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) command.Add(option);
            if (symbol is Argument argument) command.Add(argument);
        }
        command.SetAction((parsed, cancellationToken) => GuardAsync(async () =>
        {
            var configuration = new ConfigurationBuilder().AddRole(parsed.GetValue(config)).Build();
            var collection = new ServiceCollection();
            collection.AddSingleton<IConfiguration>(configuration);
            collection.AddSingleton(TimeProvider.System);
            collection.AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true)
                .SetMinimumLevel(LogLevel.Warning)
                // A constraint that says no is an answer, and the command says it in a sentence.
                .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None));
            collection.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            collection.AddBlockListDatabase();
            services(collection, configuration);
            await using var provider = collection.BuildServiceProvider();
            return await run(parsed, provider, cancellationToken);
        }));
        return command;
    }

    /// <summary>Failures that an operator can act on become one line on standard error; anything else is a defect and shows itself.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (RoleException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
        catch (OptionsValidationException problem)
        {
            await Console.Error.WriteLineAsync("The configuration does not hold:\n  " + string.Join("\n  ", problem.Failures));
            return 2;
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await Console.Error.WriteLineAsync($"The database refuses this to the login of this role: {problem.MessageText}. Run the command with the --config of the role that it belongs to, and \"blocklist migrate\" if this version is new.");
            return 3;
        }
        catch (NpgsqlException problem) when (problem.SqlState?.StartsWith("28", StringComparison.Ordinal) == true || problem.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {problem.Message}. Nothing was changed; check [Database] ConnectionString and try again.");
            return 3;
        }
        catch (Exception problem) when (DatabaseTrouble.Describe(problem) is not null)
        {
            // Whether a commit under way came through, only the database knows; every command may be given again.
            await Console.Error.WriteLineAsync($"{DatabaseTrouble.Describe(problem)} Check [Database] ConnectionString, and try again.");
            return 3;
        }
        catch (SigningException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 4;
        }
        catch (IOException problem)
        {
            await Console.Error.WriteLineAsync($"{problem.Message} Nothing was changed by that; mend it and start again.");
            return 3;
        }
    }
}
