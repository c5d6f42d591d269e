namespace BlockList.Server.Http.Pages;

/// <summary>A request that was not carried out.</summary>
/// <param name="What">What happened.</param>
/// <param name="Advice">What it means and what to do.</param>
/// <param name="Link">Where to go on, if there is such a place.</param>
/// <param name="LinkText">Its words.</param>
internal sealed record RefusedModel(string What, string Advice, string? Link = null, string? LinkText = null);
