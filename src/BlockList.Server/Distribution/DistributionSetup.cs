using System.Security.Cryptography.X509Certificates;
using System.Threading.RateLimiting;
using BlockList.Server.Http.ClientCertificates;
using BlockList.Server.Http.Pages;
using BlockList.Server.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, MutualTls>();

        // The core of authentication only: the usual set brings a ring of Data Protection keys and writes it to disk, and
        // this role protects nothing with one.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = CertificateAuthentication.AuthenticationScheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddCertificate(certificate =>
        {
            certificate.ChainTrustValidationMode = X509ChainTrustMode.CustomRootTrust;
            certificate.RevocationMode = X509RevocationMode.NoCheck;
            // Refused by an answer that says so, see AuthoriseProvider.
            certificate.ValidateValidityPeriod = false;
        });
        services.AddOptions<CertificateAuthenticationOptions>(CertificateAuthentication.AuthenticationScheme)
            .Configure<TlsMaterial>((certificate, material) => certificate.CustomTrustStore = material.ClientAuthorities);
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<DistributionOptions>>((limits, options) => Limit(limits, options.Value.RequestsPerMinute));

        // Of the page that a provider reads of itself; nobody is signed in here but by certificate.
        services.AddScoped<PageContext>();
        services.AddSingleton<Enrolments>();
        services.AddSingleton<DownloadRows>();
        services.AddSingleton<ServedFiles>();
        services.AddSingleton<ServedTimestamps>();
        services.AddSingleton<ServedLog>();
        services.AddSingleton<AcceptReceipt>();
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
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<AuthoriseProvider>();
        app.MapDistribution();
    }

    /// <summary>By certificate, never by address: many providers may come through one, and one through many.</summary>
    private static void Limit(RateLimiterOptions limits, int perMinute)
    {
        var recorded = PartitionedRateLimiter.Create<string, string>(sha256 => PerMinute(sha256, 1));
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => PerMinute(Caller.Of(context)?.Sha256 ?? "", perMinute));
        limits.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var found) ? found : TimeSpan.FromMinutes(1);
            // One row a minute shows that it happened; a row for each would let a loop at one provider fill the audit.
            using var row = recorded.AttemptAcquire(Caller.Of(rejected.HttpContext)?.Sha256 ?? "");
            await (Answer.Refused(Refusals.TooManyRequests(perMinute), wait) with { IsRecorded = row.IsAcquired }).ExecuteAsync(rejected.HttpContext);
        };
    }

    private static RateLimitPartition<string> PerMinute(string sha256, int permits) => RateLimitPartition.GetFixedWindowLimiter(sha256,
        _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });
}
