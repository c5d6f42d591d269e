using System.Globalization;
using System.Threading.RateLimiting;
using BlockList.Server.Http.Pages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace BlockList.Server.Access;

/// <summary>How often signing in and invitations may be tried. Secrets are too long to be guessed: this keeps attempts from
/// taking the role's time and filling its audit log.</summary>
internal sealed class AttemptLimits(IOptions<SignInOptions> options, TimeProvider clock) : IConfigureOptions<RateLimiterOptions>
{
    public void Configure(RateLimiterOptions limits)
    {
        limits.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => IsLimited(context) ? PerMinute(RemoteAddress.Network(context), options.Value.AttemptsPerMinute) : Unlimited()),
            PartitionedRateLimiter.Create<HttpContext, string>(context => IsLimited(context) ? PerMinute("everywhere", options.Value.AllAttemptsPerMinute) : Unlimited()));
        limits.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var found) && found > TimeSpan.Zero ? found : TimeSpan.FromMinutes(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await new Refusal(StatusCodes.Status429TooManyRequests, new RefusedModel("Too many attempts to sign in",
                string.Create(CultureInfo.InvariantCulture, $"They came from your network, or from everywhere at once; nobody is locked out. Try again after {(clock.GetUtcNow() + wait).UtcDateTime:HH:mm:ss} UTC."))).ExecuteAsync(rejected.HttpContext);
        };
    }

    /// <summary>Looking at the sign-in page costs nothing and is where people wait.</summary>
    private static bool IsLimited(HttpContext context) => context.Request.Path.StartsWithSegments("/invitation", StringComparison.Ordinal)
        || (context.Request.Path.StartsWithSegments("/sign-in", StringComparison.Ordinal) && !HttpMethods.IsGet(context.Request.Method));

    private static RateLimitPartition<string> PerMinute(string key, int permits) => RateLimitPartition.GetFixedWindowLimiter(key,
        _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 });

    private static RateLimitPartition<string> Unlimited() => RateLimitPartition.GetNoLimiter("");
}
