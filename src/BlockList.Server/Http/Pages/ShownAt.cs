namespace BlockList.Server.Http.Pages;

/// <summary>Which page shows the form that an endpoint takes, where that is not the endpoint's own address. What was typed
/// when a session had ended comes back there.</summary>
/// <param name="Pattern">Path; <c>{person}</c> stands for the route value of that name.</param>
internal sealed record ShownAt(string Pattern)
{
    public static string PathOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ShownAt>() is { } shown
        ? string.Join('/', shown.Pattern.Split('/').Select(part => part is ['{', .., '}'] ? Uri.EscapeDataString($"{context.GetRouteValue(part[1..^1])}") : part))
        : context.Request.Path;
}
