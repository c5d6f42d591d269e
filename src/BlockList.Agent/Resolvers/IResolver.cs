using BlockList.Agent.Applying;
using BlockList.Agent.Dns;
using BlockList.Format;
using BlockList.Format.Lists;

namespace BlockList.Agent.Resolvers;

/// <summary>
/// How one resolver is made to enforce one list. The members stand in the order of a version's life; after a crash
/// between any two the next version, or the same one again, goes through them from the start.
/// </summary>
internal interface IResolver
{
    /// <summary>As sentences name it.</summary>
    string Title { get; }

    /// <summary>Hash of what lies in place, or null where a file is missing.</summary>
    string? Sha256 { get; }

    /// <summary>Writes the version beside what is in place.</summary>
    Task RenderAsync(ListFile list, Serial version, CancellationToken ct);

    /// <summary>Reads what was rendered back from the disk, action and all.</summary>
    /// <exception cref="ApplyFailedException">It does not enforce exactly the list.</exception>
    Rendering ReadBack(ListFile list, Serial version);

    /// <summary>Keeps what is in place, to be put back, if it has the given hash.</summary>
    /// <returns>Whether there is something to put back.</returns>
    bool KeepPrevious(string? appliedSha256);

    /// <summary>Puts what was rendered in place and makes the running resolver load it. At no moment is a name free that
    /// both the version before and this one list.</summary>
    Task<ControlAnswer> LoadAsync(CancellationToken ct);

    /// <summary>Puts in place what a failed <see cref="LoadAsync"/> has not, so that a resolver that starts loads all of it.</summary>
    void Place();

    /// <summary>Puts what was kept in place again and loads it.</summary>
    Task<ControlAnswer> PutBackAsync(CancellationToken ct);

    /// <summary>Asks the running resolver which version it has loaded.</summary>
    Task<IReadOnlyList<LoadedPart>> LoadedAsync(CancellationToken ct);

    /// <summary>Whether an answer shows by itself that a policy made it and no name server.</summary>
    bool IsByPolicy(DnsAnswer answer);
}
