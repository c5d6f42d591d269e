using BlockList.Tools.Benchmarks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace BlockList.Server.Tests.Web;

/// <summary>What <c>tools/bench pages</c> measures is all that the site shows.</summary>
public sealed class PageTableTests(CurationSite site) : IClassFixture<CurationSite>
{
    [Fact]
    public void Every_page_of_the_site_is_measured_and_nothing_else()
    {
        var mapped = site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/')).Distinct().Order(StringComparer.Ordinal);

        var measured = PageTable.All.Select(p => p.Route).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(mapped, measured);
    }
}
