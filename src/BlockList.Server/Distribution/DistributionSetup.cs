using System.Threading.RateLimiting;
using BlockList.Server.Http.Pages;
using BlockList.Server.Providers;
using BlockList.Server.Providers.Enrolling;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Distribution;

internal static class DistributionSetup
{
    public static IServiceCollection AddDistribution(this IServiceCollection services)
    {
        services.AddOptions<DistributionOptions>().BindConfiguration(DistributionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<DistributionOptions>, DistributionOptionsCheck>();
        services.AddSingleton(provider => TlsMaterial.Load(provider.GetRequiredService<IOptions<DistributionOptions>>().Value, [])
            ?? throw new InvalidOperationException("a TLS file changed between its check and its use; start again"));
        services.AddSingleton<ProviderCertificates>().AddSingleton<ForwardedCertificates>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, MutualTls>();

        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<DistributionOptions>>((limits, options) => Limit(limits, options.Value.RequestsPerMinute));

        // Who knocks in the moment when everybody does waits in the system's queue.
        services.Configure<SocketTransportOptions>(socket => socket.Backlog = 4096);
        services.AddSingleton<OpeningConnections>();
        // Of the page that a provider reads of itself; nobody is signed in here but by certificate.
        services.AddScoped<PageContext>();
        services.AddSingleton<Enrolments>();
        services.AddSingleton<DownloadRows>();
        services.AddSingleton<RecordedReads>();
        services.AddSingleton<ServedFiles>();
        services.AddSingleton<ServedTimestamps>();
        services.AddSingleton<ServedLog>();
        services.AddSingleton<AcceptReceipt>();
        services.AddSingleton<RenewCertificate>();
        services.AddSingleton<AcceptRenewal>();
        services.AddSingleton<Authorisation>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<SendHints>();
        services.AddSingleton<NewVersions>();
        services.AddHostedService(provider => provider.GetRequiredService<NewVersions>());
        services.AddRouting();
        return services;
    }

    public static void UseDistribution(this WebApplication app)
    {
        app.UseMiddleware<GuardFaults>();
        app.UseMiddleware<IdentifyCaller>();
        app.UseRateLimiter();
        app.UseMiddleware<AuthoriseProvider>();
        app.MapDistribution();
    }

    /// <summary>By certificate, never by address: many providers may come through one, and one through many.</summary>
    private static void Limit(RateLimiterOptions limits, int perMinute)
    {
        var recorded = PartitionedRateLimiter.Create<string, string>(sha256 => PerMinute(sha256, 1));
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => PerMinute(Caller.Of(context)!.Sha256, perMinute));
        limits.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var found) ? found : TimeSpan.FromMinutes(1);
            // One row a minute shows that it happened; a row for each would let a loop at one provider fill the audit.
            using var row = recorded.AttemptAcquire(Caller.Of(rejected.HttpContext)!.Sha256);
            await (Answer.Refused(Refusals.TooManyRequests(perMinute), wait) with { IsRecorded = row.IsAcquired }).ExecuteAsync(rejected.HttpContext);
        };
    }

    private static RateLimitPartition<string> PerMinute(string sha256, int permits) => RateLimitPartition.GetFixedWindowLimiter(sha256,
        _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });
}
