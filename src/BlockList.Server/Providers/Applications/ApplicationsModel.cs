using BlockList.Server.Http.Pages;

namespace BlockList.Server.Providers.Applications;

/// <summary>Who wants to become a provider, and who became one.</summary>
/// <param name="Open">To be decided, the oldest first.</param>
/// <param name="Decided">The newest first.</param>
/// <param name="Lists">That can be granted.</param>
/// <param name="HasBundles">Whether bundles can be downloaded here.</param>
/// <param name="Typed">In the form of one application.</param>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Problem">Why it came back, where no field is to blame.</param>
/// <param name="Done">What the step before did.</param>
/// <param name="Made">A code, shown this once.</param>
internal sealed record ApplicationsModel(IReadOnlyList<ProviderApplication> Open, IReadOnlyList<ProviderApplication> Decided, IReadOnlyList<string> Lists, bool HasBundles,
    TypedDecision Typed, IReadOnlyList<FieldError> Errors, string? Problem, string? Done, ShownCode? Made);

/// <param name="Application">Whose form it is.</param>
/// <param name="Name">Of the provider.</param>
/// <param name="Lists">Granted.</param>
/// <param name="Reason">Of a refusal.</param>
internal sealed record TypedDecision(Guid? Application = null, string Name = "", string[]? Lists = null, string Reason = "");

/// <param name="Application">That it came of.</param>
/// <param name="Provider">Its name.</param>
/// <param name="Code">In groups of five.</param>
/// <param name="Telephone">Whom to say it to.</param>
/// <param name="Sums">Of the roots, as the provider types them.</param>
internal sealed record ShownCode(Guid Application, string Provider, string Code, string Telephone, IReadOnlyList<string> Sums);
