using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Data;

internal static class DatabaseSetup
{
    /// <summary>Registers the data source (bulk work, ledger) and the context over it (everything else).</summary>
    public static IServiceCollection AddBlockListDatabase(this IServiceCollection services)
    {
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var builder = new NpgsqlDataSourceBuilder(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString).UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            // Every statement here is short. Where the planner's guess of a cost is too high, compiling one takes longer than running it.
            builder.ConnectionStringBuilder.Options = $"{builder.ConnectionStringBuilder.Options} -c jit=off".Trim();
            return builder.Build();
        });
        services.AddDbContextFactory<BlockListDb>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        return services;
    }
}
