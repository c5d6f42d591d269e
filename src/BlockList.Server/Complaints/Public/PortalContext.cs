namespace BlockList.Server.Complaints.Public;

/// <summary>What every page of one request needs to know.</summary>
internal sealed class PortalContext
{
    public PortalLanguage Language { get; set; } = PortalLanguage.All[0];

    /// <summary>The path behind the language, <c>/criteria</c>; the same page in another language has it too.</summary>
    public string Path { get; set; } = "/";

    /// <summary>Id of the form on the page that the switch of languages sends, so that nothing typed is lost; null where a link does.</summary>
    public string? SwitchForm { get; set; }
}
