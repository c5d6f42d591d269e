using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Data;

internal static class DatabaseSetup
{
    /// <summary>Bytes that a connection reads at once: with the usual 8 KB a ledger of gigabytes is hundreds of thousands of reads.</summary>
    private const int ReadAtOnce = 64 * 1024;

    /// <summary>Registers the data source (bulk work, ledger) and the context over it (everything else).</summary>
    public static IServiceCollection AddBlockListDatabase(this IServiceCollection services)
    {
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => Build(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString, provider.GetRequiredService<ILoggerFactory>()));
        services.AddDbContextFactory<BlockListDb>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        return services;
    }

    /// <summary>Of several hosts the one that is no standby, unless the operator said otherwise: every role writes something.</summary>
    public static NpgsqlConnectionStringBuilder ToPrimary(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (HasSeveralHosts(settings)) settings.TargetSessionAttributes ??= "primary";
        return settings;
    }

    private static NpgsqlDataSource Build(string connectionString, ILoggerFactory loggers)
    {
        var settings = ToPrimary(connectionString);
        // Every statement here is short. Where the planner's guess of a cost is too high, compiling one takes longer than running it.
        settings.Options = $"{settings.Options} -c jit=off".Trim();
        settings.ReadBufferSize = Math.Max(settings.ReadBufferSize, ReadAtOnce);
        if (!HasSeveralHosts(settings)) return new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(loggers).Build();
        // Npgsql refuses the attribute here, and asks which host is wanted of the source that it then builds.
        var wanted = Enum.Parse<TargetSessionAttributes>(settings.TargetSessionAttributes!.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        settings.TargetSessionAttributes = null;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(loggers).BuildMultiHost().WithTargetSession(wanted);
    }

    private static bool HasSeveralHosts(NpgsqlConnectionStringBuilder settings) => settings.Host?.Contains(',', StringComparison.Ordinal) == true;
}
