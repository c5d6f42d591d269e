using BlockList.Server.Access;
using BlockList.Server.Http.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockList.Server.Tests.Http;

/// <summary>The HTML of one component, as a page would hold it.</summary>
internal static class Rendered
{
    public static async Task<string> HtmlOf<TComponent>(Dictionary<string, object?> parameters, Viewer? viewer = null) where TComponent : IComponent
    {
        await using var services = new ServiceCollection().AddScoped(_ => new PageContext { Viewer = viewer }).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    public static Viewer ViewerIn(string zone) =>
        new(Guid.Empty, "anna", "Anna", "hotline", "Hotline", "SE", new HashSet<string>(), TimeZoneInfo.FindSystemTimeZoneById(zone), "system", "{}");
}
