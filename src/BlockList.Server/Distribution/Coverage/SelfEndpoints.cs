using System.Text;
using BlockList.Server.Http.Pages;
using Npgsql;

namespace BlockList.Server.Distribution.Coverage;

/// <summary>What the operator sees of a provider, for the provider itself: a page for people whose browser has the certificate, and JSON.</summary>
internal static class SelfEndpoints
{
    /// <summary>The page brings its only style sheet along; nothing else is loaded, run or framed.</summary>
    private static readonly string ContentPolicy = $"default-src 'none'; style-src '{SelfStyle.Source}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapSelf(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/self", [HttpMethods.Get, HttpMethods.Head], AnswerAsync);
        routes.MapMethods("/v1/self.json", [HttpMethods.Get, HttpMethods.Head], AnswerAsJsonAsync);
    }

    private static async Task<Answer> AnswerAsync(HttpContext context, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (WantsJson(context.Request)) return await AnswerAsJsonAsync(context, database, cancellationToken) with { VariesBy = "Accept" };
        var model = new ProviderModel(ProviderFacts.Parse(await FactsAsync(context, database, cancellationToken)), IsOwn: true);
        var html = await PageResult.Of<SelfPage>(model).RenderAsync(context.RequestServices);
        return new Answer(StatusCodes.Status200OK) { ContentType = "text/html; charset=utf-8", Body = Encoding.UTF8.GetBytes(html), VariesBy = "Accept", ContentPolicy = ContentPolicy };
    }

    private static async Task<Answer> AnswerAsJsonAsync(HttpContext context, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        new(StatusCodes.Status200OK) { ContentType = "application/json", Body = Encoding.UTF8.GetBytes(await FactsAsync(context, database, cancellationToken)) };

    /// <summary>Of the provider that the certificate belongs to; this login can ask for no other.</summary>
    private static async Task<string> FactsAsync(HttpContext context, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select distribution.own_facts($1)::text");
        command.Parameters.AddWithValue(Caller.Of(context)!.Sha256);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A browser names HTML; a program that names JSON alone means it.</summary>
    private static bool WantsJson(HttpRequest request)
    {
        var accepted = string.Join(',', request.Headers.Accept.ToArray());
        return accepted.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accepted.Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }
}
