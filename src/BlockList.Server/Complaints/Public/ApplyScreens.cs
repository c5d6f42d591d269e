using System.Globalization;
using BlockList.Server.Access;
using BlockList.Server.Complaints.Public.Pages;
using BlockList.Server.Http.Pages;
using BlockList.Server.Providers.Applications;

namespace BlockList.Server.Complaints.Public;

/// <summary>The form of people who want to become a provider: one page, which comes back with what was typed until nothing is wrong.</summary>
internal sealed class ApplyScreens(SendApplication send, PortalLimits limits, PortalContext portal, TimeProvider clock)
{
    /// <summary>Far above every limit, so that each is told by its own sentence with all of the text still there.</summary>
    private const int LongestTyped = 5000;

    public IResult Begin() => Show(new TypedApplication { Id = Guid.CreateVersion7(clock.GetUtcNow()) }, null);

    public async Task<IResult> TakeAsync(IReadOnlyDictionary<string, string> fields, HttpContext context)
    {
        var typed = Read(fields);
        if (fields.GetValueOrDefault("go") == "here") return Show(typed, null);
        if (!limits.Posts.TryTake(RemoteAddress.Network(context))) return Often(typed, "error.often", limits.Posts.Wait(), context);
        if (typed.WrongField is { } field) return Show(typed, $"error.apply.{field}", field);
        if (!limits.Complaints.TryTake(RemoteAddress.Network(context))) return Often(typed, "error.many", limits.Complaints.Wait(), context);
        if (!await send.RunAsync(typed, portal.Language.Code, context.RequestAborted)) return Show(typed, "error.apply.enough");
        return PageResult.Of<AppliedPage>(typed.Address);
    }

    private static PageResult Often(TypedApplication typed, string problem, TimeSpan wait, HttpContext context)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Show(typed, problem, status: StatusCodes.Status429TooManyRequests);
    }

    private static PageResult Show(TypedApplication typed, string? problem, string field = "organisation", int status = StatusCodes.Status200OK) =>
        PageResult.Of<ApplyPage>(new ApplyModel(typed, problem, field), status);

    private TypedApplication Read(IReadOnlyDictionary<string, string> fields)
    {
        return new TypedApplication
        {
            Id = Guid.TryParse(fields.GetValueOrDefault("id"), out var id) ? id : Guid.CreateVersion7(clock.GetUtcNow()),
            Organisation = Of("organisation"), Country = Of("country"), Person = Of("person"), Email = Of("email"), Telephone = Of("telephone"),
            Networks = Of("networks"), Resolvers = Of("resolvers"), Domains = Of("domains"), Agrees = fields.ContainsKey("agree"),
        };

        string Of(string name)
        {
            var text = fields.GetValueOrDefault(name, "").ReplaceLineEndings("\n").Trim();
            return text.Length > LongestTyped ? text[..LongestTyped] : text;
        }
    }
}
