using BlockList.Server.Access;

namespace BlockList.Server.Http.Pages;

/// <summary>What every page of one request needs to know; filled before the endpoint runs.</summary>
internal sealed class PageContext
{
    /// <summary>Null where nobody is signed in.</summary>
    public Viewer? Viewer { get; set; }

    /// <summary>What a form of this page must carry to be accepted.</summary>
    public string FormToken { get; set; } = "";

    /// <summary>Path and query of this request.</summary>
    public string Address { get; set; } = "/";

    /// <summary>What the page shows. Components are public types and can have no parameter of a type that is not, so a page
    /// takes its model from here.</summary>
    public object? Model { get; set; }

    public T ModelAs<T>() where T : class => Model as T ?? throw new InvalidOperationException($"the page was rendered without {typeof(T).Name}");

    /// <summary>For pages that only who is signed in can see.</summary>
    public Viewer Reader => Viewer ?? throw new InvalidOperationException("the page was reached without a session");
}
