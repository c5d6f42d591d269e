namespace BlockList.Server.Http.Pages;

/// <summary>For whom an endpoint is. <see cref="PageGate"/> refuses what has none.</summary>
/// <param name="NeedsSession">Only for people who are signed in.</param>
/// <param name="Roles">One of these is needed; none are named where any person will do.</param>
internal sealed record Audience(bool NeedsSession, string[] Roles);

internal static class Audiences
{
    /// <summary>For anyone who reaches the address.</summary>
    public static TBuilder ForVisitors<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Audience(false, []));

    /// <summary>For people who are signed in and hold one of the roles. On an endpoint it replaces what its group said.</summary>
    public static TBuilder ForPeople<TBuilder>(this TBuilder builder, params string[] roles) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Audience(true, roles));

    /// <summary>Where the form of this endpoint is shown, see <see cref="Pages.ShownAt"/>.</summary>
    public static TBuilder ShownAt<TBuilder>(this TBuilder builder, string pattern) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ShownAt(pattern));
}
