using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlockList.Server.Http;

/// <summary><c>GET /health</c> on the loopback address only: 200 when the role can reach its database, 503 when not.</summary>
internal static class HealthEndpoint
{
    public static void ListenForHealth(this WebApplicationBuilder builder, int usualPort)
    {
        builder.Services.AddOptions<HealthOptions>().Configure(health => health.Port = usualPort).BindConfiguration(HealthOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, kestrel.ApplicationServices.GetRequiredService<IOptions<HealthOptions>>().Value.Port);
        });
    }

    public static void MapHealth(this WebApplication app) => app.MapGet("/health", async (NpgsqlDataSource database, CancellationToken cancellationToken) =>
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return Results.Text("ok\n");
        }
        catch (NpgsqlException)
        {
            return Results.Text("the database does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    });
}
